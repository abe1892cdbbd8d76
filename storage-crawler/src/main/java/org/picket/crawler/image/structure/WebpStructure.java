package org.picket.crawler.image.structure;

/// Walks a WebP (RFC 9649) chunk by chunk. It is whole when all of the RIFF container and each of its chunks
/// lie inside the object and one chunk is a picture; whatever follows the container is ignored. A bit stream
/// that is too short for the picture is libwebp's to find, which fails as a whole.
///
/// As libwebp does for viewers, EXIF is heeded only where the container's head announces it, and of two the first.
public final class WebpStructure {

    private static final int RIFF = 8;
    private static final int FIRST_CHUNK = 12;

    private final Octets octets;
    private final long maxPixels;
    private final WebpHead head;
    private int[] sides = new int[0];
    private boolean alpha;

    private WebpStructure(Octets octets, long maxPixels) {
        this.octets = octets;
        this.maxPixels = maxPixels;
        this.head = WebpHead.of(octets, FIRST_CHUNK, maxPixels);
    }

    public static Header read(Octets octets, long maxPixels) {
        return new WebpStructure(octets, maxPixels).walk();
    }

    private Header walk() {
        long end = RIFF + octets.u32le(4);
        if (end > octets.length()) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        for (long next = FIRST_CHUNK; next + 8 <= end; ) {
            int at = (int) next;
            long length = octets.u32le(at + 4);
            if (at + 8 + length > end) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            chunk(at, (int) (at + 8 + length));
            next = at + 8 + length + (length & 1);
        }
        if (sides.length == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        head.checkSides(sides);
        head.checkAlpha(alpha);
        return new Header(Format.WEBP, sides[0], sides[1], head.orientation(), alpha || head.hasAlpha());
    }

    /// @param end behind its data
    private void chunk(int at, int end) {
        boolean lossy = octets.spells(at, "VP8 ");
        if (lossy || octets.spells(at, "VP8L")) {
            // Of two pictures viewers differ in which they show.
            if (sides.length > 0) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            sides = lossy ? lossy(octets, at + 8) : lossless(octets, at + 8);
            alpha |= !lossy && hasAlpha(octets, at + 8);
            Header.checkPixels(sides[0], sides[1], maxPixels);
        } else if (octets.spells(at, "ALPH")) {
            alpha = true;
        } else if (octets.spells(at, "ANIM") || octets.spells(at, "ANMF")) {
            throw new FlawedObject(Flaw.STRUCTURE);
        } else {
            head.chunk(at, end);
        }
    }

    /// Sides from a VP8 key frame header (RFC 6386, section 9.1).
    static int[] lossy(Octets octets, int body) {
        boolean key = (octets.u8(body) & 1) == 0;
        if (!key || !octets.spells(body + 3, "\u009d\u0001\u002a")) {
            throw new FlawedObject(Flaw.HEADER);
        }
        return new int[] {octets.u16le(body + 6) & 0x3fff, octets.u16le(body + 8) & 0x3fff};
    }

    /// Whether a VP8L header says that there may be transparent pixels.
    static boolean hasAlpha(Octets octets, int body) {
        return (octets.u8(body + 4) & 0x10) != 0;
    }

    /// Sides from a VP8L header: a signature byte, then twice 14 bits, each less one.
    static int[] lossless(Octets octets, int body) {
        if (octets.u8(body) != 0x2f) {
            throw new FlawedObject(Flaw.HEADER);
        }
        long bits = octets.u32le(body + 1);
        return new int[] {(int) (bits & 0x3fff) + 1, (int) (bits >> 14 & 0x3fff) + 1};
    }
}
