package org.picket.crawler.image.structure;

/// Reads the headers of a Windows bitmap. It is whole when all of its rows lie inside the object; whatever
/// follows them is ignored. Run lengths and embedded JPEG or PNG are not decoded. The fourth byte of a pixel is
/// ignored, as by viewers, unless the header says that it is alpha and it makes a pixel transparent
/// ([Flaw#BMP_ALPHA]).
public final class BmpStructure {

    private static final int FILE_HEAD = 14;
    private static final int LEAST_HEAD = 40;
    private static final int PLAIN = 0;
    private static final int MASKED = 3;

    /// Where headers have the masks of red, green, blue and alpha, and from which length on they have the last of them.
    private static final int MASKS = 54;

    private static final int HEAD_WITH_ALPHA = 56;
    private static final long ALPHA_LAST = 0xff00_0000L;

    /// Of version 4: what its colours are, and the gammas that go with the first kind.
    private static final int HEAD_WITH_COLOURS = 108;

    private static final int COLOURS = 70;
    private static final int GAMMAS = 110;
    private static final int CALIBRATED = 0;
    private static final int EMBEDDED = 0x4d42_4544;
    private static final int LINKED = 0x4c49_4e4b;
    /// Of 1, in the gammas' fixed point.
    private static final long GAMMA_ONE = 65_536;
    /// As hundred-thousandths of a PNG's gamma.
    private static final long INVERSE = 100_000;

    private BmpStructure() {}

    public static Header read(Octets octets, long maxPixels) {
        long data = octets.u32le(10);
        long head = octets.u32le(FILE_HEAD);
        int width = (int) octets.u32le(18);
        int rows = (int) octets.u32le(22);
        int bits = octets.u16le(28);
        int coding = (int) octets.u32le(30);
        if (head < LEAST_HEAD || octets.u16le(26) != 1 || rows == Integer.MIN_VALUE) {
            throw new FlawedObject(Flaw.HEADER);
        }
        // Negative: the rows run from the top.
        int height = Math.abs(rows);
        Header.checkPixels(width, height, maxPixels);
        boolean known = coding == PLAIN && (bits == 1 || bits == 4 || bits == 8 || bits == 24 || bits == 32)
                || coding == MASKED && bits == 32;
        if (!known) {
            throw new FlawedObject(Flaw.BMP_CODING);
        }
        long stride = ((long) width * bits + 31) / 32 * 4;
        if (data < FILE_HEAD + head || data + stride * height > octets.length()) {
            throw new FlawedObject(data < FILE_HEAD + head ? Flaw.HEADER : Flaw.ENDS_EARLY);
        }
        if (bits == 32) {
            checkMasks(octets, head, coding, (int) data, (int) (data + stride * height));
        }
        if (head >= HEAD_WITH_COLOURS) {
            checkColours(octets);
        }
        return new Header(Format.BMP, width, height, Orientation.UPRIGHT, false);
    }

    private static void checkMasks(Octets octets, long head, int coding, int from, int end) {
        boolean usual = octets.u32le(MASKS) == 0xff_0000
                && octets.u32le(MASKS + 4) == 0xff00
                && octets.u32le(MASKS + 8) == 0xff;
        if (coding == MASKED && !usual) {
            throw new FlawedObject(Flaw.BMP_CODING);
        }
        long alpha = head >= HEAD_WITH_ALPHA ? octets.u32le(MASKS + 12) : 0;
        if (alpha == 0) {
            return;
        }
        int all = octets.u8(from + 3);
        boolean same = alpha == ALPHA_LAST && (all == 0 || all == 255);
        for (int at = from + 3; at < end && same; at += 4) {
            same = octets.u8(at) == all;
        }
        // Transparent as a whole is what programs write that do not know of alpha, and shown as if opaque.
        if (!same) {
            throw new FlawedObject(Flaw.BMP_ALPHA);
        }
    }

    private static void checkColours(Octets octets) {
        int kind = (int) octets.u32le(COLOURS);
        if (kind == EMBEDDED || kind == LINKED) {
            throw new FlawedObject(Flaw.RECOLOURED);
        }
        for (int at = GAMMAS; kind == CALIBRATED && at < GAMMAS + 12; at += 4) {
            long gamma = octets.u32le(at);
            if (gamma != 0) {
                Shades.checkGamma(INVERSE * GAMMA_ONE / gamma);
            }
        }
    }
}
