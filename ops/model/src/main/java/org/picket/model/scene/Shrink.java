package org.picket.model.scene;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes views of a picture for training and measuring, in the way of the crawler: the short side becomes the
/// view's side by a bicubic filter that widens with the reduction (a = -0.5, support 2), a picture no longer
/// than 4:3 gives its middle square, a longer one evenly spaced squares that cover it. The crawler's pixels are
/// the norm; these may differ from them by rounding, which a network that begins with means does not see.
public final class Shrink {
    private static final double SUPPORT = 2;

    private Shrink() {}

    /// A square view and where it lies, in units of the short side.
    public record View(byte[] pixels, double left, double top) {}

    /// The views of a picture.
    public static List<View> views(BufferedImage image, int side) {
        int width = image.getWidth();
        int height = image.getHeight();
        int shorter = Math.min(width, height);
        int longer = Math.max(width, height);
        int length = (int) ((long) side * longer / shorter);
        int toWidth = width <= height ? side : length;
        int toHeight = width <= height ? length : side;
        byte[] small = resize(image, toWidth, toHeight);
        int tiles = 3L * longer <= 4L * shorter ? 1 : (longer + shorter - 1) / shorter;
        List<View> views = new ArrayList<>();
        for (int tile = 0; tile < tiles; tile++) {
            int offset = tiles == 1 ? (length - side) / 2 : (length - side) * tile / (tiles - 1);
            int left = width <= height ? 0 : offset;
            int top = width <= height ? offset : 0;
            views.add(new View(cut(small, toWidth, left, top, side), (double) left / side, (double) top / side));
        }
        return views;
    }

    private static byte[] cut(byte[] from, int width, int left, int top, int side) {
        byte[] view = new byte[side * side * 3];
        for (int y = 0; y < side; y++) {
            System.arraycopy(from, ((top + y) * width + left) * 3, view, y * side * 3, side * 3);
        }
        return view;
    }

    private static byte[] resize(BufferedImage image, int toWidth, int toHeight) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int width = image.getWidth();
        int height = image.getHeight();
        Taps across = Taps.of(width, toWidth);
        float[] rows = new float[height * toWidth * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < toWidth; x++) {
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int tap = 0; tap < across.count(x); tap++) {
                    int pixel = pixels[y * width + across.first(x) + tap];
                    float weight = across.weight(x, tap);
                    red += weight * (pixel >> 16 & 0xFF);
                    green += weight * (pixel >> 8 & 0xFF);
                    blue += weight * (pixel & 0xFF);
                }
                int at = (y * toWidth + x) * 3;
                rows[at] = Math.clamp(red, 0, 255);
                rows[at + 1] = Math.clamp(green, 0, 255);
                rows[at + 2] = Math.clamp(blue, 0, 255);
            }
        }
        return down(rows, toWidth * 3, Taps.of(height, toHeight), toHeight);
    }

    private static byte[] down(float[] rows, int rowLength, Taps taps, int toHeight) {
        byte[] out = new byte[rowLength * toHeight];
        float[] sum = new float[rowLength];
        for (int y = 0; y < toHeight; y++) {
            Arrays.fill(sum, 0);
            for (int tap = 0; tap < taps.count(y); tap++) {
                float weight = taps.weight(y, tap);
                int from = (taps.first(y) + tap) * rowLength;
                for (int at = 0; at < rowLength; at++) {
                    sum[at] += weight * rows[from + at];
                }
            }
            for (int at = 0; at < rowLength; at++) {
                out[y * rowLength + at] = (byte) Math.clamp(Math.round(sum[at]), 0, 255);
            }
        }
        return out;
    }

    /// The weights of one axis.
    private record Taps(int[] firsts, float[][] weights) {
        static Taps of(int from, int to) {
            double scale = (double) from / to;
            double stretch = Math.max(1, scale);
            int[] firsts = new int[to];
            float[][] weights = new float[to][];
            for (int at = 0; at < to; at++) {
                double centre = (at + 0.5) * scale;
                int first = Math.max(0, (int) (centre - SUPPORT * stretch + 0.5));
                int last = Math.min(from, (int) (centre + SUPPORT * stretch + 0.5));
                double[] raw = new double[last - first];
                double sum = 0;
                for (int tap = 0; tap < raw.length; tap++) {
                    raw[tap] = cubic((first + tap - centre + 0.5) / stretch);
                    sum += raw[tap];
                }
                firsts[at] = first;
                weights[at] = new float[raw.length];
                for (int tap = 0; tap < raw.length; tap++) {
                    weights[at][tap] = (float) (raw[tap] / sum);
                }
            }
            return new Taps(firsts, weights);
        }

        int count(int at) {
            return weights[at].length;
        }

        int first(int at) {
            return firsts[at];
        }

        float weight(int at, int tap) {
            return weights[at][tap];
        }

        /// Keys' cubic convolution kernel with a = -0.5.
        private static double cubic(double x) {
            double far = Math.abs(x);
            if (far < 1) {
                return (1.5 * far - 2.5) * far * far + 1;
            }
            return far < 2 ? ((-0.5 * far + 2.5) * far - 4) * far + 2 : 0;
        }
    }
}
