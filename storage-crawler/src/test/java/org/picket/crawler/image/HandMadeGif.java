package org.picket.crawler.image;

import java.io.ByteArrayOutputStream;

/// GIFs written by hand, so that they can lie.
final class HandMadeGif {

    private HandMadeGif() {}

    /// A still of two colours whose codes stand for `pixels` pixels.
    static byte[] still(int width, int height, int pixels) {
        ByteArrayOutputStream gif = head(width, height);
        frame(gif, width, height, pixels);
        gif.write(0x3b);
        return gif.toByteArray();
    }

    /// Many frames that each announce the whole canvas and hold `pixels` pixels.
    static byte[] frames(int width, int height, int count, int pixels) {
        ByteArrayOutputStream gif = head(width, height);
        for (int i = 0; i < count; i++) {
            frame(gif, width, height, pixels);
        }
        gif.write(0x3b);
        return gif.toByteArray();
    }

    /// Frames over the whole canvas, each of one colour of its own.
    static byte[] slides(int side, int[] colours) {
        ByteArrayOutputStream gif = head(side, side);
        for (int colour : colours) {
            byte[] entry = {(byte) (colour >> 16), (byte) (colour >> 8), (byte) colour};
            frame(gif, side, side, side * side, new byte[][] {entry, entry});
        }
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
