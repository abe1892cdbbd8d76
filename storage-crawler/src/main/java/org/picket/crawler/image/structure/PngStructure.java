package org.picket.crawler.image.structure;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Walks a PNG chunk by chunk (W3C PNG, third edition). It is whole when IHDR comes first, every chunk up to
/// IEND lies inside the object, and the checksums of the chunks that make the picture are right; whatever follows
/// IEND is ignored. A pixel stream that is too short for the picture is libpng's to find.
///
/// Chunks that say how the pixels are to be seen come once and before these, where viewers do not differ in whether
/// they heed them, and do not change the picture much ([Shades]).
public final class PngStructure {

    private static final int SIGNATURE = 8;
    private static final int IHDR_LENGTH = 13;
    private static final int ENVELOPE = 12;

    /// What makes the picture, so must be undamaged.
    private static final Set<String> CHECKED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf");
    /// Behind the data, or twice, some viewers heed them and some do not.
    private static final Set<String> ONCE = Set.of("IHDR", "PLTE", "tRNS", "acTL", "gAMA", "iCCP", "cICP");
    /// Chunks of frames, which have no place where no animation is announced.
    private static final Set<String> FRAMES = Set.of("fcTL", "fdAT");
    private static final Set<String> KNOWN =
            Stream.of(CHECKED, ONCE, FRAMES).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    private final Octets octets;
    private final CRC32 crc = new CRC32();
    private final Set<String> seen = new HashSet<>();
    private int orientation = Orientation.UPRIGHT;

    private PngStructure(Octets octets) {
        this.octets = octets;
    }

    public static Header read(Octets octets, long maxPixels) {
        if (!octets.spells(SIGNATURE + 4, "IHDR") || octets.u32(SIGNATURE) != IHDR_LENGTH) {
            throw new FlawedObject(octets.length() < SIGNATURE + 8 ? Flaw.ENDS_EARLY : Flaw.HEADER);
        }
        long width = octets.u32(SIGNATURE + 8);
        long height = octets.u32(SIGNATURE + 12);
        Header.checkPixels(width, height, maxPixels);
        PngStructure png = new PngStructure(octets);
        png.walk();
        boolean alpha = (octets.u8(SIGNATURE + 17) & 4) != 0 || png.seen.contains("tRNS");
        return new Header(Format.PNG, (int) width, (int) height, png.orientation, alpha);
    }

    private void walk() {
        for (int at = SIGNATURE; !seen.contains("IEND"); ) {
            long length = octets.u32(at);
            if (length > octets.length() - (long) at - ENVELOPE) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            int end = at + ENVELOPE + (int) length;
            chunk(octets.ascii(at + 4, 4), at + 8, end - 4);
            at = end;
        }
        if (!seen.contains("IDAT")) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        if (!seen.contains("acTL") && FRAMES.stream().anyMatch(seen::contains)) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }

    /// @param from where its data begin
    /// @param end behind them
    private void chunk(String type, int from, int end) {
        if (!KNOWN.contains(type)) {
            return;
        }
        if (CHECKED.contains(type)) {
            crc.reset();
            crc.update(octets.data(), from - 4, end - from + 4);
            if (crc.getValue() != octets.u32(end)) {
                throw new FlawedObject(Flaw.CHECKSUM);
            }
        }
        boolean late = seen.contains("IDAT");
        // A palette behind its transparency is heeded by some without it.
        boolean disordered = type.equals("PLTE") && seen.contains("tRNS");
        if (ONCE.contains(type) && (late || seen.contains(type) || disordered)) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        switch (type) {
            case "eXIf" ->
                Orientation.told(octets, from, end).ifPresent(told -> turn(told, late || seen.contains(type)));
            case "gAMA" -> Shades.checkGamma(octets.u32(from));
            case "cICP" -> Shades.checkTransfer(octets.u8(from + 1));
            case "iCCP" -> Shades.checkPacked(octets, from, end);
            default -> {}
        }
        seen.add(type);
    }

    private void turn(int told, boolean doubtful) {
        if (doubtful && told != orientation) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        orientation = told;
    }
}
