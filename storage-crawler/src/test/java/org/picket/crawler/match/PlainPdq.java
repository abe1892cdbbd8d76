package org.picket.crawler.match;

import java.util.Arrays;

/// PDQ, plainly: to compare with.
final class PlainPdq {
    private PlainPdq() {}

    static PdqHash hash(byte[] raster, int width, int height) {
        double[][] plane = new double[height][width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                plane[y][x] =
                        0.299 * (raster[at] & 0xff) + 0.587 * (raster[at + 1] & 0xff) + 0.114 * (raster[at + 2] & 0xff);
            }
        }
        for (int pass = 0; pass < 2; pass++) {
            plane = transposed(blurred(plane));
            plane = transposed(blurred(plane));
        }
        double[][] samples = new double[64][64];
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < 64; j++) {
                samples[i][j] = plane[(int) ((i + 0.5) * height / 64)][(int) ((j + 0.5) * width / 64)];
            }
        }
        return bits(coefficients(samples));
    }

    private static double[][] blurred(double[][] plane) {
        int length = plane[0].length;
        int window = (length + 127) / 128;
        int ahead = (window + 2) / 2 - 1;
        double[][] out = new double[plane.length][length];
        for (int y = 0; y < plane.length; y++) {
            for (int x = 0; x < length; x++) {
                int from = Math.max(0, x + ahead - window + 1);
                int to = Math.min(length, x + ahead + 1);
                out[y][x] = Arrays.stream(plane[y], from, to).average().orElseThrow();
            }
        }
        return out;
    }

    private static double[][] transposed(double[][] plane) {
        double[][] out = new double[plane[0].length][plane.length];
        for (int y = 0; y < plane.length; y++) {
            for (int x = 0; x < plane[0].length; x++) {
                out[x][y] = plane[y][x];
            }
        }
        return out;
    }

    private static double[] coefficients(double[][] samples) {
        double[] out = new double[256];
        for (int u = 0; u < 16; u++) {
            for (int v = 0; v < 16; v++) {
                double sum = 0;
                for (int y = 0; y < 64; y++) {
                    for (int x = 0; x < 64; x++) {
                        sum += samples[y][x]
                                * Math.cos(Math.PI / 128 * (u + 1) * (2 * y + 1))
                                * Math.cos(Math.PI / 128 * (v + 1) * (2 * x + 1));
                    }
                }
                out[u * 16 + v] = sum;
            }
        }
        return out;
    }

    private static PdqHash bits(double[] coefficients) {
        double[] sorted = coefficients.clone();
        Arrays.sort(sorted);
        long[] parts = new long[4];
        for (int k = 0; k < 256; k++) {
            if (coefficients[k] > sorted[127]) {
                parts[k / 64] |= 1L << k;
            }
        }
        return new PdqHash(parts[0], parts[1], parts[2], parts[3]);
    }
}
