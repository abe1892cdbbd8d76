package org.picket.crawler.image.structure;

/// Walks a WebP (RFC 9649) chunk by chunk. It is whole when all of the RIFF container and each of its chunks
/// lie inside the object and one chunk is a picture; whatever follows the container is ignored. A bit stream
/// that is too short for the picture is libwebp's to find, which fails as a whole.
public final class WebpStructure {

    private static final int RIFF = 8;
    private static final int FIRST_CHUNK = 12;
    private static final int ALPHA = 0x10;

    private WebpStructure() {}

    public static Header read(Octets octets, long maxPixels) {
        long end = RIFF + octets.u32le(4);
        if (end > octets.length()) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        int[] sides = new int[0];
        int[] canvas = new int[0];
        boolean alpha = false;
        int orientation = Orientation.UPRIGHT;
        for (long next = FIRST_CHUNK; next + 8 <= end; ) {
            int at = (int) next;
            long length = octets.u32le(at + 4);
            if (at + 8 + length > end) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            int body = at + 8;
            if (octets.spells(at, "VP8X")) {
                alpha |= (octets.u8(body) & ALPHA) != 0;
                canvas = new int[] {octets.u24le(body + 4) + 1, octets.u24le(body + 7) + 1};
                Header.checkPixels(canvas[0], canvas[1], maxPixels);
            } else if (octets.spells(at, "VP8 ") && sides.length == 0) {
                sides = lossy(octets, body);
                Header.checkPixels(sides[0], sides[1], maxPixels);
            } else if (octets.spells(at, "VP8L") && sides.length == 0) {
                sides = lossless(octets, body);
                alpha |= (octets.u8(body + 4) & 0x10) != 0;
                Header.checkPixels(sides[0], sides[1], maxPixels);
            } else if (octets.spells(at, "ALPH")) {
                alpha = true;
            } else if (octets.spells(at, "ANIM") || octets.spells(at, "ANMF")) {
                throw new FlawedObject(Flaw.STRUCTURE);
            } else if (octets.spells(at, "EXIF")) {
                int tiff = octets.spells(body, "Exif\0\0") ? body + 6 : body;
                orientation = Orientation.read(octets, tiff, (int) (body + length));
            }
            next = body + length + (length & 1);
        }
        if (sides.length == 0) {
            throw new FlawedObject(Flaw.PARTS_MISSING);
        }
        if (canvas.length > 0 && (canvas[0] != sides[0] || canvas[1] != sides[1])) {
            throw new FlawedObject(Flaw.HEADER);
        }
        return new Header(Format.WEBP, sides[0], sides[1], orientation, alpha);
    }

    /// Sides from a VP8 key frame header (RFC 6386, section 9.1).
    static int[] lossy(Octets octets, int body) {
        boolean key = (octets.u8(body) & 1) == 0;
        if (!key || !octets.spells(body + 3, "\u009d\u0001\u002a")) {
            throw new FlawedObject(Flaw.HEADER);
        }
        return new int[] {octets.u16le(body + 6) & 0x3fff, octets.u16le(body + 8) & 0x3fff};
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
