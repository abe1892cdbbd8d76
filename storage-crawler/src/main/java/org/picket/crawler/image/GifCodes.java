package org.picket.crawler.image;

/// Counts the pixels that a GIF frame's LZW codes stand for, without making them: the platform's GIF reader
/// leaves the rest of a frame blank when its codes stop early, and says nothing.
final class GifCodes {

    private static final int MAX_BITS = 12;

    private final Octets octets;
    private final int codeBits;
    private final int[] lengths = new int[1 << MAX_BITS];
    private int at;
    private int blockEnd;
    private int bits;
    private int bitCount;

    GifCodes(Octets octets, int from, int codeBits) {
        this.octets = octets;
        this.at = from;
        this.blockEnd = from;
        this.codeBits = codeBits;
        for (int code = 0; code < 1 << codeBits; code++) {
            lengths[code] = 1;
        }
    }

    /// Fails if the codes stand for fewer than `wanted` pixels or contradict each other before that.
    void check(long wanted) {
        int clear = 1 << codeBits;
        int width = codeBits + 1;
        int free = clear + 2;
        int previous = -1;
        for (long pixels = 0; pixels < wanted; ) {
            int code = read(width);
            if (code == clear) {
                width = codeBits + 1;
                free = clear + 2;
                previous = -1;
                continue;
            }
            if (code < 0 || code == clear + 1) {
                throw new FlawedObject(Flaw.PARTS_MISSING);
            }
            if (code > free || code >= clear && previous < 0 || code == free && free == lengths.length) {
                throw new FlawedObject(Flaw.DATA);
            }
            if (previous >= 0 && free < lengths.length) {
                lengths[free++] = lengths[previous] + 1;
                if (free == 1 << width && width < MAX_BITS) {
                    width++;
                }
            }
            pixels += lengths[code];
            previous = code;
        }
    }

    /// The next code, or -1 behind the last sub-block.
    private int read(int width) {
        while (bitCount < width) {
            if (at == blockEnd) {
                int length = octets.u8(at);
                if (length == 0) {
                    return -1;
                }
                at++;
                blockEnd = at + length;
            }
            bits |= octets.u8(at++) << bitCount;
            bitCount += 8;
        }
        int code = bits & (1 << width) - 1;
        bits >>>= width;
        bitCount -= width;
        return code;
    }
}
