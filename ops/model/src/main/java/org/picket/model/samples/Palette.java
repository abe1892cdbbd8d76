package org.picket.model.samples;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;

/// The 252 colours of GIF samples: 6 reds, 7 greens and 6 blues, evenly spread, mixed by an ordered 4x4 pattern
/// (Bayer 1973).
final class Palette {
    private static final int REDS = 6;
    private static final int GREENS = 7;
    private static final int BLUES = 6;
    private static final int[] PATTERN = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};

    private Palette() {}

    static BufferedImage dither(BufferedImage image) {
        int width = image.getWidth();
        BufferedImage indexed = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, colours());
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] indices = ((DataBufferByte) indexed.getRaster().getDataBuffer()).getData();
        for (int at = 0; at < pixels.length; at++) {
            int threshold = PATTERN[(at / width & 3) * 4 + (at % width & 3)];
            int red = level(pixels[at] >> 16 & 0xFF, REDS, threshold);
            int green = level(pixels[at] >> 8 & 0xFF, GREENS, threshold);
            int blue = level(pixels[at] & 0xFF, BLUES, threshold);
            indices[at] = (byte) ((red * GREENS + green) * BLUES + blue);
        }
        return indexed;
    }

    /// The level below or above, by how far the value lies between them; `threshold` is 0 to 15.
    private static int level(int value, int levels, int threshold) {
        return (value * (levels - 1) * 32 + (2 * threshold + 1) * 255) / (255 * 32);
    }

    private static IndexColorModel colours() {
        int count = REDS * GREENS * BLUES;
        byte[] reds = new byte[count];
        byte[] greens = new byte[count];
        byte[] blues = new byte[count];
        for (int at = 0; at < count; at++) {
            reds[at] = (byte) (at / (GREENS * BLUES) * 255 / (REDS - 1));
            greens[at] = (byte) (at / BLUES % GREENS * 255 / (GREENS - 1));
            blues[at] = (byte) (at % BLUES * 255 / (BLUES - 1));
        }
        return new IndexColorModel(8, count, reds, greens, blues);
    }
}
