package org.picket.crawler.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Unpacks the LZW codes of one GIF frame (GIF89a specification, appendix F). Strict: codes that end before the
/// frame does, which viewers leave blank, are a flaw.
///
/// No string of the table is kept: each was written to the output when its code was made, so its place there
/// and its length are enough.
final class GifCodes {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_BITS = 12;
    private static final int TABLE = 1 << MAX_BITS;

    private final int codeBits;
    /// All sub-blocks joined, and as many bytes more as a read of the last code takes in.
    private final byte[] data;
    private final long bits;
    private final int[] starts = new int[TABLE];
    private final int[] lengths = new int[TABLE];

    /// @param from where the first sub-block begins; all of them lie inside the object
    /// @param end behind the last sub-block
    /// @param codeBits bits of a colour, 1 to 8
    GifCodes(Octets octets, int from, int end, int codeBits) {
        this.codeBits = codeBits;
        this.data = new byte[end - from + Integer.BYTES];
        int joined = 0;
        int at = from;
        for (int length = octets.u8(at); length != 0; length = octets.u8(at)) {
            System.arraycopy(octets.data(), at + 1, data, joined, length);
            joined += length;
            at += 1 + length;
        }
        this.bits = (long) joined * Byte.SIZE;
    }

    /// Writes the first `wanted` colours' numbers into `colours`; fails if the codes stand for fewer or contradict
    /// each other before that.
    void unpack(byte[] colours, int wanted) {
        int clear = 1 << codeBits;
        int width = codeBits + 1;
        int free = clear + 2;
        boolean first = true;
        int start = 0;
        int done = 0;
        long bit = 0;
        while (done < wanted) {
            if (bit + width > bits) {
                throw new FlawedObject(Flaw.PARTS_MISSING);
            }
            int code = (int) INT.get(data, (int) (bit >> 3)) >>> (bit & 7) & (1 << width) - 1;
            bit += width;
            if (code == clear) {
                width = codeBits + 1;
                free = clear + 2;
                first = true;
                continue;
            }
            if (code == clear + 1) {
                throw new FlawedObject(Flaw.PARTS_MISSING);
            }
            if (code > free || code >= clear && first || code == free && free == TABLE) {
                throw new FlawedObject(Flaw.DATA);
            }
            if (!first && free < TABLE) {
                // The last string and the first colour of this one, which is written right behind it.
                starts[free] = start;
                lengths[free] = done - start + 1;
                free++;
                if (free == 1 << width && width < MAX_BITS) {
                    width++;
                }
            }
            first = false;
            start = done;
            if (code < clear) {
                colours[done++] = (byte) code;
            } else {
                done = repeat(colours, starts[code], done, Math.min(lengths[code], wanted - done));
            }
        }
    }

    /// Forwards and one by one, since a string may run into its own copy; the new end.
    private static int repeat(byte[] colours, int from, int to, int length) {
        for (int i = 0; i < length; i++) {
            colours[to + i] = colours[from + i];
        }
        return to + length;
    }
}
