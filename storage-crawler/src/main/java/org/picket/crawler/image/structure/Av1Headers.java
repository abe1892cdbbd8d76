package org.picket.crawler.image.structure;

import java.util.function.BiConsumer;

/// Reads out of AV1 data (AV1 bitstream specification, 5.3, 5.5 and 5.9) the largest frame size, since the AV1 decoder
/// takes memory for it before anybody can ask how much, and how many pictures are shown. Of several in one sample this
/// decoder gives the last alone, and others the first.
public final class Av1Headers {

    private static final int SEQUENCE_HEADER = 1;
    private static final int FRAME_HEADER = 3;
    private static final int FRAME = 6;

    private final byte[] data;
    private final int end;
    private long bit;

    private Av1Headers(byte[] data, int from, int end) {
        this.data = data;
        this.end = end;
        this.bit = 8L * from;
    }

    /// Fails if a sequence header announces more pixels than allowed, or lies outside of the data, or if more than one
    /// picture is to be shown.
    ///
    /// @return whether a sequence header announces a still picture, whose frames say less of themselves: of its
    ///     data, and of what follows, [#checkOne] is to be asked too
    public static boolean check(byte[] data, int from, int length, long maxPixels) {
        int[] shown = {0};
        boolean[] still = {false};
        walk(data, from, length, (kind, unit) -> {
            if (kind == SEQUENCE_HEADER) {
                still[0] |= unit.checkSequence(maxPixels);
            } else if (kind == FRAME_HEADER || kind == FRAME) {
                shown[0] += unit.isShown() ? 1 : 0;
            }
        });
        if (shown[0] > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return still[0];
    }

    /// Fails if the data hold more than one picture, shown or not, as those of a still one never do.
    public static void checkOne(byte[] data, int from, int length) {
        int[] frames = {0};
        walk(data, from, length, (kind, unit) -> frames[0] += kind == FRAME_HEADER || kind == FRAME ? 1 : 0);
        if (frames[0] > 1) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
    }

    private static void walk(byte[] data, int from, int length, BiConsumer<Integer, Av1Headers> units) {
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
            units.accept(head >> 3 & 15, new Av1Headers(data, body, body + (int) size));
            at = body + (int) size;
        }
    }

    /// Of the head of a frame: whether it shows one that was decoded before, or itself.
    private boolean isShown() {
        boolean existing = flag();
        skip(2);
        return existing || flag();
    }

    private boolean checkSequence(long maxPixels) {
        skip(3 + 1);
        boolean still = flag();
        if (still) {
            skip(5);
        } else {
            operatingPoints();
        }
        int widthBits = read(4) + 1;
        int heightBits = read(4) + 1;
        long width = 1L + read(widthBits);
        long height = 1L + read(heightBits);
        Header.checkPixels(width, height, maxPixels);
        return still;
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
