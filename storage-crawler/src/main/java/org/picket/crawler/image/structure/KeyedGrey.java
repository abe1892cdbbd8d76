package org.picket.crawler.image.structure;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// A grey PNG one shade of which is transparent (`tRNS`), which OpenCV would decode as opaque: decoded without
/// that chunk, and keyed afterwards.
///
/// @param opaque the picture without that chunk
/// @param shade of as many bits as it is decoded to
public record KeyedGrey(Header header, byte[] opaque, int shade) {

    private static final int SIGNATURE = 8;
    private static final int ENVELOPE = 12;

    /// The picture, if it is one.
    ///
    /// @param header what [PngStructure] found out about it
    public static Optional<KeyedGrey> of(Octets octets, Header header) {
        int bits = octets.u8(SIGNATURE + 16);
        if (octets.u8(SIGNATURE + 17) != 0) {
            return Optional.empty();
        }
        int end;
        for (int at = SIGNATURE; !octets.spells(at + 4, "IDAT"); at = end) {
            int length = (int) octets.u32(at);
            end = at + ENVELOPE + length;
            if (octets.spells(at + 4, "tRNS")) {
                if (length != 2) {
                    throw new FlawedObject(Flaw.STRUCTURE);
                }
                // Shades of fewer than 8 bits are decoded to the whole range of 8.
                int told = octets.u16(at + 8) & (1 << bits) - 1;
                int shade = bits < 8 ? told * 255 / ((1 << bits) - 1) : told;
                ByteArrayOutputStream rest = new ByteArrayOutputStream();
                rest.write(octets.data(), 0, at);
                rest.write(octets.data(), end, octets.length() - end);
                return Optional.of(new KeyedGrey(header, rest.toByteArray(), shade));
            }
        }
        return Optional.empty();
    }
}
