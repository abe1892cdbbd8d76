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
        float[] row = new float[width];
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        for (int y = 0; y < height; y++) {
            lightRow(light, columns, y / cell, cell, row);
            grain(pixels, y * width, row, (float) grain, dice);
        }
    }

    private static void lightRow(float[] light, int columns, double down, double cell, float[] row) {
        int top = (int) down * columns;
        float below = (float) (down - (int) down);
        for (int x = 0; x < row.length; x++) {
            double across = x / cell;
            int left = top + (int) across;
            float right = (float) (across - (int) across);
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
