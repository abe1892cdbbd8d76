package org.picket.crawler.image.structure;

/// Reads the headers of a Windows bitmap. It is whole when all of its rows lie inside the object; whatever
/// follows them is ignored. Run lengths and embedded JPEG or PNG are not decoded, nor is alpha, which most
/// programs write as 0 and viewers ignore.
public final class BmpStructure {

    private static final int FILE_HEAD = 14;
    private static final int LEAST_HEAD = 40;
    private static final int PLAIN = 0;
    private static final int MASKED = 3;

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
        return new Header(Format.BMP, width, height, Orientation.UPRIGHT, false);
    }
}
