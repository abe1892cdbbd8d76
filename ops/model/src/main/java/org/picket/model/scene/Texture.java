package org.picket.model.scene;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/// What makes a painted picture photograph-like: grain on every pixel, and broad blotches of light.
final class Texture {
    private static final int TEXTURE_PART = 4;
    /// Blotches are this share of the short side apart.
    private static final double CELL = 0.045;

    private Texture() {}

    static void apply(BufferedImage image, Scene scene) {
        Dice dice = new Dice(Dice.seed(scene.seed(), TEXTURE_PART));
        double grain = dice.between(5, 11);
        double blotch = dice.between(9, 15) * (scene.labels().night() ? 0.6 : 1);
        int width = image.getWidth();
        int height = image.getHeight();
        double cell = CELL * Math.min(width, height);
        int columns = (int) (width / cell) + 2;
        int rows = (int) (height / cell) + 2;
        float[] light = new float[columns * rows];
        for (int at = 0; at < light.length; at++) {
            light[at] = (float) (dice.between(-1, 1) * blotch);
        }
        Across across = Across.of(width, cell);
        float[] row = new float[width];
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        for (int y = 0; y < height; y++) {
            lightRow(light, columns, y / cell, across, row);
            grain(pixels, y * width, row, (float) grain, dice);
        }
    }

    /// Between which columns of light each pixel of a row lies: the same in all rows.
    ///
    /// @param left the column at the left
    /// @param right how far the pixel is on its way to the next one
    private record Across(int[] left, float[] right) {
        static Across of(int width, double cell) {
            Across across = new Across(new int[width], new float[width]);
            for (int x = 0; x < width; x++) {
                double place = x / cell;
                across.left[x] = (int) place;
                across.right[x] = (float) (place - (int) place);
            }
            return across;
        }
    }

    private static void lightRow(float[] light, int columns, double down, Across across, float[] row) {
        int top = (int) down * columns;
        float below = (float) (down - (int) down);
        for (int x = 0; x < row.length; x++) {
            int left = top + across.left[x];
            float right = across.right[x];
            float upper = light[left] + right * (light[left + 1] - light[left]);
            float lower = light[left + columns] + right * (light[left + columns + 1] - light[left + columns]);
            row[x] = upper + below * (lower - upper);
        }
    }

    /// Adds light and grain; the three channels get grain of their own, from one draw of 64 bits.
    private static void grain(int[] pixels, int from, float[] light, float grain, Dice dice) {
        for (int x = 0; x < light.length; x++) {
            long bits = dice.bits();
            int pixel = pixels[from + x];
            int red = channel(pixel >> 16 & 0xFF, light[x], grain, (int) bits);
            int green = channel(pixel >> 8 & 0xFF, light[x], grain, (int) (bits >>> 21));
            int blue = channel(pixel & 0xFF, light[x], grain, (int) (bits >>> 42));
            pixels[from + x] = red << 16 | green << 8 | blue;
        }
    }

    /// The sum of two uniform numbers of 10 bits: a triangle around 0.
    private static int channel(int value, float light, float grain, int bits) {
        float triangle = ((bits & 0x3FF) + (bits >>> 10 & 0x3FF) - 1023) / 1023f;
        return Math.clamp(Math.round(value + light + grain * triangle), 0, 255);
    }
}
