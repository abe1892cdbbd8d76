package org.picket.coordinator.ruling;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The scores of one concept over all views of a block, in as few bits each as most of them need.
///
/// Encoded, big-endian: the least score (2 bytes), bits a score (1), exceptions (2); then for each view how much
/// its score is above the least, in so many bits, filled up to a whole byte; then for each score that needs more
/// bits its view (2) and the score itself (2). The width is the one that makes it shortest.
final class PackedColumn {
    private static final int HEADER_BYTES = 2 * Short.BYTES + 1;
    private static final int EXCEPTION_BYTES = 2 * Short.BYTES;
    private static final int MOST_WIDTH = Short.SIZE;
    private static final int WORD_BITS = Integer.SIZE;
    private static final long WORD_MASK = 0xffff_ffffL;

    private PackedColumn() {}

    /// No column of so many views is longer.
    static int mostBytes(int views) {
        return HEADER_BYTES + views * Short.BYTES;
    }

    /// @param scores of all concepts, view after view
    static void write(short[] scores, int concept, int concepts, int views, ByteBuffer into) {
        int least = views == 0 ? 0 : Short.MAX_VALUE;
        int to = views * concepts;
        for (int at = concept; at < to; at += concepts) {
            least = Math.min(least, scores[at]);
        }
        var needing = new int[MOST_WIDTH + 1];
        for (int at = concept; at < to; at += concepts) {
            needing[Integer.SIZE - Integer.numberOfLeadingZeros(scores[at] - least)]++;
        }
        int width = width(needing, views);
        int exceptions = 0;
        for (int more = width + 1; more <= MOST_WIDTH; more++) {
            exceptions += needing[more];
        }
        into.putShort((short) least).put((byte) width).putShort((short) exceptions);
        pack(scores, concept, concepts, to, least, width, into);
        for (int view = 0; exceptions > 0; view++) {
            short score = scores[view * concepts + concept];
            if (score - least >>> width != 0) {
                into.putShort((short) view).putShort(score);
                exceptions--;
            }
        }
    }

    private static int width(int[] needing, int views) {
        int best = MOST_WIDTH;
        long least = Long.MAX_VALUE;
        int exceptions = 0;
        for (int width = MOST_WIDTH; width >= 0; width--) {
            long bits = (long) views * width + (long) exceptions * EXCEPTION_BYTES * Byte.SIZE;
            if (bits < least) {
                least = bits;
                best = width;
            }
            exceptions += needing[width];
        }
        return best;
    }

    private static void pack(short[] scores, int concept, int concepts, int to, int least, int width, ByteBuffer into) {
        long mask = (1L << width) - 1;
        long word = 0;
        int bits = 0;
        for (int at = concept; at < to; at += concepts) {
            word = word << width | scores[at] - least & mask;
            bits += width;
            if (bits >= WORD_BITS) {
                bits -= WORD_BITS;
                into.putInt((int) (word >>> bits));
            }
        }
        for (; bits > 0; bits -= Byte.SIZE) {
            into.put((byte) (bits >= Byte.SIZE ? word >>> bits - Byte.SIZE : word << Byte.SIZE - bits));
        }
    }

    /// Goes on behind a column, having made sure that it can be read.
    ///
    /// @throws BufferUnderflowException if it is not all there
    static void pass(ByteBuffer from, int views) {
        from.getShort();
        int width = from.get();
        int exceptions = Short.toUnsignedInt(from.getShort());
        if (width < 0 || width > MOST_WIDTH) {
            throw new ScoreBlock.Unreadable("scores of " + width + " bits");
        }
        int packed = packedBytes(views, width);
        if (from.remaining() < packed) {
            throw new BufferUnderflowException();
        }
        from.position(from.position() + packed);
        for (int i = 0; i < exceptions; i++) {
            int view = Short.toUnsignedInt(from.getShort());
            from.getShort();
            if (view >= views) {
                throw new ScoreBlock.Unreadable("a score of view " + view + " of " + views);
            }
        }
    }

    private static int packedBytes(int views, int width) {
        return (views * width + Byte.SIZE - 1) / Byte.SIZE;
    }

    /// Reads a column that was passed before.
    ///
    /// @param at where it begins
    static void read(byte[] bytes, int at, int views, int[] into) {
        var from = ByteBuffer.wrap(bytes);
        int least = from.getShort(at);
        int width = from.get(at + Short.BYTES);
        int exceptions = Short.toUnsignedInt(from.getShort(at + Short.BYTES + 1));
        int next = at + HEADER_BYTES;
        int end = next + packedBytes(views, width);
        long mask = (1L << width) - 1;
        long word = 0;
        int bits = 0;
        for (int view = 0; view < views; view++) {
            while (bits < width) {
                if (end - next >= Integer.BYTES) {
                    word = word << WORD_BITS | from.getInt(next) & WORD_MASK;
                    bits += WORD_BITS;
                    next += Integer.BYTES;
                } else {
                    word = word << Byte.SIZE | from.get(next++) & 0xff;
                    bits += Byte.SIZE;
                }
            }
            bits -= width;
            into[view] = (short) (least + (int) (word >>> bits & mask));
        }
        for (int i = 0; i < exceptions; i++) {
            int exception = end + i * EXCEPTION_BYTES;
            into[Short.toUnsignedInt(from.getShort(exception))] = from.getShort(exception + Short.BYTES);
        }
    }
}
