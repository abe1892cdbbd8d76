package org.picket.crawler.image.structure;

import java.util.zip.CRC32;

/// Walks a PNG chunk by chunk (W3C PNG, third edition). It is whole when IHDR comes first, every chunk up to
/// IEND lies inside the object, and the checksums of the chunks that make the picture (IHDR, PLTE, tRNS, IDAT,
/// IEND) are right; whatever follows IEND is ignored. A pixel stream that is too short for the picture is
/// libpng's to find.
public final class PngStructure {

    private static final int SIGNATURE = 8;
    private static final int IHDR_LENGTH = 13;
    private static final int ENVELOPE = 12;

    private PngStructure() {}

    public static Header read(Octets octets, long maxPixels) {
        if (!octets.spells(SIGNATURE + 4, "IHDR") || octets.u32(SIGNATURE) != IHDR_LENGTH) {
            throw new FlawedObject(octets.length() < SIGNATURE + 8 ? Flaw.ENDS_EARLY : Flaw.HEADER);
        }
        long width = octets.u32(SIGNATURE + 8);
        long height = octets.u32(SIGNATURE + 12);
        Header.checkPixels(width, height, maxPixels);
        int colour = octets.u8(SIGNATURE + 17);
        boolean alpha = (colour & 4) != 0;
        boolean data = false;
        int orientation = Orientation.UPRIGHT;
        CRC32 crc = new CRC32();
        int at = SIGNATURE;
        while (true) {
            long length = octets.u32(at);
            if (length > octets.length() - (long) at - ENVELOPE) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            int end = at + ENVELOPE + (int) length;
            boolean transparency = octets.spells(at + 4, "tRNS");
            boolean picture = octets.spells(at + 4, "IDAT");
            boolean last = octets.spells(at + 4, "IEND");
            // Behind the data, where it means nothing, it could mislead a viewer all the same.
            if (data && octets.spells(at + 4, "acTL")) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            if (octets.spells(at + 4, "eXIf")) {
                orientation = Orientation.read(octets, at + 8, end - 4);
            }
            if (transparency || picture || last || at == SIGNATURE || octets.spells(at + 4, "PLTE")) {
                crc.reset();
                crc.update(octets.data(), at + 4, (int) length + 4);
                if (crc.getValue() != octets.u32(end - 4)) {
                    throw new FlawedObject(Flaw.CHECKSUM);
                }
            }
            alpha |= transparency;
            data |= picture;
            if (last) {
                break;
            }
            at = end;
        }
        if (!data) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        return new Header(Format.PNG, (int) width, (int) height, orientation, alpha);
    }
}
