package org.picket.crawler.image.structure;

/// Reads the largest frame size out of AV1 data (AV1 bitstream specification, 5.3 and 5.5), since the AV1
/// decoder takes memory for it before anybody can ask how much.
public final class Av1Headers {

    private static final int SEQUENCE_HEADER = 1;

    private final byte[] data;
    private final int end;
    private long bit;

    private Av1Headers(byte[] data, int from, int end) {
        this.data = data;
        this.end = end;
        this.bit = 8L * from;
    }

    /// Fails if a sequence header announces more pixels than allowed, or lies outside of the data.
    public static void check(byte[] data, int from, int length, long maxPixels) {
        int end = from + length;
        for (int at = from; at < end; ) {
            int head = data[at] & 0xff;
            int body = at + 1 + ((head & 4) != 0 ? 1 : 0);
            long size = end - body;
            if ((head & 2) != 0) {
                size = 0;
                for (int i = 0; ; i++, body++) {
                    if (body >= end || i == 5) {
                        throw new FlawedObject(Flaw.STRUCTURE);
                    }
                    size |= (data[body] & 0x7fL) << 7 * i;
                    if ((data[body] & 0x80) == 0) {
                        body++;
                        break;
                    }
                }
            }
            if (size < 0 || size > end - body) {
                throw new FlawedObject(Flaw.ENDS_EARLY);
            }
            if ((head >> 3 & 15) == SEQUENCE_HEADER) {
                new Av1Headers(data, body, body + (int) size).checkSequence(maxPixels);
            }
            at = body + (int) size;
        }
    }

    private void checkSequence(long maxPixels) {
        skip(3 + 1);
        if (flag()) {
            skip(5);
        } else {
            operatingPoints();
        }
        int widthBits = read(4) + 1;
        int heightBits = read(4) + 1;
        long width = 1L + read(widthBits);
        long height = 1L + read(heightBits);
        Header.checkPixels(width, height, maxPixels);
    }

    private void operatingPoints() {
        boolean model = false;
        int delayBits = 0;
        if (flag()) {
            skip(64);
            if (flag()) {
                variable();
            }
            model = flag();
            if (model) {
                delayBits = read(5) + 1;
                skip(32 + 5 + 5);
            }
        }
        boolean displayDelay = flag();
        for (int points = read(5) + 1; points > 0; points--) {
            skip(12);
            if (read(5) > 7) {
                skip(1);
            }
            if (model && flag()) {
                skip(2 * delayBits + 1);
            }
            if (displayDelay && flag()) {
                skip(4);
            }
        }
    }

    /// Skips a number of variable length.
    private void variable() {
        int zeros = 0;
        while (!flag() && zeros < 32) {
            zeros++;
        }
        skip(zeros);
    }

    private boolean flag() {
        return read(1) != 0;
    }

    private void skip(int bits) {
        bit += bits;
    }

    private int read(int bits) {
        int value = 0;
        for (int i = 0; i < bits; i++, bit++) {
            if (bit >= 8L * end) {
                throw new FlawedObject(Flaw.STRUCTURE);
            }
            value = value << 1 | data[(int) (bit >> 3)] >> 7 - (bit & 7) & 1;
        }
        return value;
    }
}
