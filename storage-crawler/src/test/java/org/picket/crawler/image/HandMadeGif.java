package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;

/// GIFs written by hand, so that they can lie.
public final class HandMadeGif {

    private HandMadeGif() {}

    /// A still of two colours whose codes stand for `pixels` pixels.
    public static byte[] still(int width, int height, int pixels) {
        ByteArrayOutputStream gif = head(width, height);
        frame(gif, width, height, pixels);
        gif.write(0x3b);
        return gif.toByteArray();
    }

    /// Many frames that each announce the whole canvas and hold `pixels` pixels.
    public static byte[] frames(int width, int height, int count, int pixels) {
        ByteArrayOutputStream gif = head(width, height);
        for (int i = 0; i < count; i++) {
            frame(gif, width, height, pixels);
        }
        gif.write(0x3b);
        return gif.toByteArray();
    }

    /// Frames over the whole canvas, each of one colour of its own.
    public static byte[] slides(int side, int[] colours) {
        ByteArrayOutputStream gif = head(side, side);
        for (int colour : colours) {
            byte[] entry = {(byte) (colour >> 16), (byte) (colour >> 8), (byte) colour};
            frame(gif, side, side, side * side, new byte[][] {entry, entry});
        }
        gif.write(0x3b);
        return gif.toByteArray();
    }

    /// A still with a palette of greys, each as bright as its number, of which only the first `greys` are there.
    ///
    /// @param greys a power of two
    /// @param numbers of the colours, in the order in which they are written
    public static byte[] greys(int width, int height, int greys, boolean interlaced, byte[] numbers) {
        ByteArrayOutputStream gif = head(width, height);
        gif.write(0x2c);
        u16(gif, 0);
        u16(gif, 0);
        u16(gif, width);
        u16(gif, height);
        gif.write(0x80 | (interlaced ? 0x40 : 0) | Integer.numberOfTrailingZeros(greys) - 1);
        for (int i = 0; i < greys; i++) {
            gif.writeBytes(new byte[] {(byte) i, (byte) i, (byte) i});
        }
        // Codes of 9 bits, a clear code (256) often enough that they never grow, and the end (257).
        gif.write(8);
        BitSet bits = new BitSet();
        int length = 0;
        for (int i = 0; i <= numbers.length; i++) {
            int number = i == numbers.length ? 257 : numbers[i] & 0xff;
            for (int code : i % 200 == 0 ? new int[] {256, number} : new int[] {number}) {
                for (int bit = 0; bit < 9; bit++) {
                    bits.set(length++, (code >> bit & 1) != 0);
                }
            }
        }
        byte[] data = Arrays.copyOf(bits.toByteArray(), (length + 7) / 8);
        for (int from = 0; from < data.length; from += 255) {
            int part = Math.min(255, data.length - from);
            gif.write(part);
            gif.write(data, from, part);
        }
        gif.write(0);
        gif.write(0x3b);
        return gif.toByteArray();
    }

    private static ByteArrayOutputStream head(int width, int height) {
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        gif.writeBytes(new byte[] {'G', 'I', 'F', '8', '9', 'a'});
        u16(gif, width);
        u16(gif, height);
        gif.writeBytes(new byte[] {(byte) 0x80, 0, 0, 10, 20, 30, (byte) 200, (byte) 210, (byte) 220});
        return gif;
    }

    /// Codes of 3 bits, a clear code before every second pixel so that they never grow.
    private static void frame(ByteArrayOutputStream gif, int width, int height, int pixels, byte[]... colours) {
        gif.write(0x2c);
        u16(gif, 0);
        u16(gif, 0);
        u16(gif, width);
        u16(gif, height);
        gif.write(colours.length > 0 ? 0x80 : 0);
        for (byte[] colour : colours) {
            gif.writeBytes(colour);
        }
        gif.write(2);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        int bits = 0;
        int count = 0;
        for (int i = 0; i <= pixels; i++) {
            int code = i == pixels ? 5 : i % 2;
            int[] codes = i % 2 == 0 && i < pixels ? new int[] {4, code} : new int[] {code};
            for (int next : codes) {
                bits |= next << count;
                count += 3;
                if (count >= 8) {
                    packed.write(bits);
                    bits >>>= 8;
                    count -= 8;
                }
            }
        }
        packed.write(bits);
        byte[] data = packed.toByteArray();
        for (int from = 0; from < data.length; from += 255) {
            int length = Math.min(255, data.length - from);
            gif.write(length);
            gif.write(data, from, length);
        }
        gif.write(0);
    }

    private static void u16(ByteArrayOutputStream gif, int value) {
        gif.write(value);
        gif.write(value >> 8);
    }
}
