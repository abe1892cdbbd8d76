package org.picket.crawler.match;

import java.util.Random;

/// Procedural pictures: smooth hills of colour with a few shapes on them, the same for the same seed
/// everywhere.
public final class Pictures {
    private static final int HILLS = 12;
    private static final int SHAPES = 6;

    private Pictures() {}

    /// 3 bytes a pixel, drawn in coordinates of 0 to 1, so that every size shows the same picture.
    public static byte[] draw(long seed, int width, int height) {
        Random random = new Random(seed);
        double[] hills = random.doubles(HILLS * 6L).toArray();
        double[] shapes = random.doubles(SHAPES * 6L).toArray();
        byte[] raster = new byte[3 * width * height];
        int at = 0;
        for (int row = 0; row < height; row++) {
            double y = (row + 0.5) / height;
            for (int column = 0; column < width; column++) {
                double x = (column + 0.5) / width;
                for (int colour = 0; colour < 3; colour++) {
                    double value = hills(hills, x, y, colour) + shapes(shapes, x, y, colour);
                    raster[at++] = (byte) Math.clamp(Math.round(value), 0, 255);
                }
            }
        }
        return raster;
    }

    private static double hills(double[] hills, double x, double y, int colour) {
        double value = 100;
        for (int hill = 0; hill < HILLS; hill++) {
            double across = x - hills[hill * 6];
            double along = y - hills[hill * 6 + 1];
            double width = 0.05 + 0.25 * hills[hill * 6 + 2];
            double away = (across * across + along * along) / (width * width);
            // A rational hill: the same on every platform, which an exponential need not be.
            value += 220 * (hills[hill * 6 + 3 + colour] - 0.5) / (1 + away * away);
        }
        return value;
    }

    private static double shapes(double[] shapes, double x, double y, int colour) {
        double value = 0;
        for (int shape = 0; shape < SHAPES; shape++) {
            double across = Math.abs(x - shapes[shape * 6]);
            double along = Math.abs(y - shapes[shape * 6 + 1]);
            double width = 0.03 + 0.15 * shapes[shape * 6 + 2];
            boolean inside =
                    shape % 2 == 0 ? across < width && along < width : across * across + along * along < width * width;
            value += inside ? 160 * (shapes[shape * 6 + 3 + colour] - 0.5) : 0;
        }
        return value;
    }

    /// Turned as EXIF orientation counts.
    public static byte[] turned(byte[] raster, int width, int height, int orientation) {
        boolean swapped = orientation >= 5;
        int newWidth = swapped ? height : width;
        int newHeight = swapped ? width : height;
        byte[] turned = new byte[raster.length];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int a = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7
                        ? newWidth - 1 - x
                        : x;
                int b = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8
                        ? newHeight - 1 - y
                        : y;
                int from = swapped ? a * width + b : b * width + a;
                System.arraycopy(raster, 3 * from, turned, 3 * (y * newWidth + x), 3);
            }
        }
        return turned;
    }
}
