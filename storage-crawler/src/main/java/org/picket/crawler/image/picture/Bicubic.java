package org.picket.crawler.image.picture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Antialiased bicubic resampling of interleaved 8-bit, three-channel pictures, bit for bit what Pillow's
/// `Image.resize(size, BICUBIC)` gives: a horizontal pass rounded to 8 bits, then a vertical one.
///
/// Bundles are made for exactly these pixels, and a quorum compares digests of them. Only the part of the
/// result that is asked for is computed, from only those rows and columns that it reads.
///
/// The shape of the loops is for the just-in-time compiler, which makes vector code of `int` lines read at one
/// common index and of little else: so pixels are packed into one `int` each, red lowest, and the horizontal pass
/// works on whole columns (the picture is transposed block by block, twice), which makes both passes a weighted
/// sum of lines. A packed pixel moves in one load and one store, and its colours are taken apart in registers.
///
/// Not thread-safe: buffers are kept between calls; one per decoding thread.
final class Bicubic {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CHANNELS = 3;
    /// Lines that are transposed at once: small enough for the cache, large enough to use whole cache lines.
    private static final int BLOCK = 16;
    /// Rows of a block of columns, few enough for the cache and enough for a loop to get going.
    private static final int TALL = 64;
    /// Pixels that two overlapping reads of eight bytes take in.
    private static final int QUAD = 4;
    private static final int PIXEL = 0xffffff;
    /// Rows that the horizontal pass takes at once: so few that the columns being summed stay in the cache.
    private static final int STRIP = 1024;
    private static final int HALF = 1 << (Coefficients.FRACTION_BITS - 1);

    private final Coefficients.Cache coefficients = new Coefficients.Cache();
    private final Lines columns = new Lines();
    private final Lines narrowed = new Lines();
    private final Lines rows = new Lines();
    private final Lines sums = new Lines();

    /// A picture: `width * height` pixels of three bytes, row by row.
    record Raster(byte[] pixels, int width, int height) {}

    /// The rectangle of the resized picture to compute.
    record Window(int x, int y, int width, int height) {}

    /// Resizes `source` to `width` by `height`; the pixels inside `window`.
    byte[] resize(Raster source, int width, int height, Window window) {
        Coefficients down = coefficients.between(source.height(), height);
        boolean same = height == source.height();
        int top = same ? window.y() : down.first()[window.y()];
        int bottom = same ? window.y() + window.height() : down.end(window.y() + window.height() - 1);
        int[][] narrow = narrow(source, width, window, top, bottom);

        byte[] result = new byte[window.width() * window.height() * CHANNELS];
        int[][] sum = sums.of(4, window.width());
        int[][] ring = rows.of(down.stride() + BLOCK, window.width());
        int loaded = top;
        for (int i = 0; i < window.height(); i++) {
            int y = window.y() + i;
            int end = same ? y + 1 : down.end(y);
            while (loaded < end) {
                int count = Math.min(BLOCK, bottom - loaded);
                rowsOf(narrow, loaded - top, count, ring, loaded, window.width());
                loaded += count;
            }
            int[] line = ring[y % ring.length];
            if (!same) {
                weigh(down, y, ring, window.width(), sum, sum[3], 0);
                line = sum[3];
            }
            unpack(line, window.width(), result, i * window.width() * CHANNELS);
        }
        return result;
    }

    private static void unpack(int[] line, int count, byte[] result, int from) {
        int to = from;
        for (int j = 0; j < count; j++) {
            int pixel = line[j];
            result[to] = (byte) pixel;
            result[to + 1] = (byte) (pixel >> 8);
            result[to + 2] = (byte) (pixel >> 16);
            to += CHANNELS;
        }
    }

    /// The horizontal pass: for each column of the window, its pixels in rows `top` to `bottom`.
    private int[][] narrow(Raster source, int width, Window window, int top, int bottom) {
        Coefficients across = coefficients.between(source.width(), width);
        int length = bottom - top;
        int[][] narrow = narrowed.of(window.width(), length);
        // A pass that changes no length is left out, as in Pillow.
        if (width == source.width()) {
            for (int x = 0; x < window.width(); x += BLOCK) {
                int count = Math.min(BLOCK, window.width() - x);
                columnsOf(source, window.x() + x, count, narrow, x, top, bottom);
            }
            return narrow;
        }
        for (int from = top; from < bottom; from += STRIP) {
            narrow(source, across, window, from, Math.min(from + STRIP, bottom), top, narrow);
        }
        return narrow;
    }

    /// The same for rows `from` to `to` alone.
    private void narrow(Raster source, Coefficients across, Window window, int from, int to, int top, int[][] narrow) {
        int right = across.end(window.x() + window.width() - 1);
        int loaded = across.first()[window.x()];
        int[][] ring = columns.of(across.stride() + BLOCK, STRIP);
        int[][] sum = sums.of(3, STRIP);
        for (int i = 0; i < window.width(); i++) {
            int x = window.x() + i;
            while (loaded < across.end(x)) {
                int count = Math.min(BLOCK, right - loaded);
                columnsOf(source, loaded, count, ring, loaded, from, to);
                loaded += count;
            }
            weigh(across, x, ring, to - from, sum, narrow[i], from - top);
        }
    }

    /// The weighted sum of the lines that output `index` reads, rounded and clipped to 8 bits.
    ///
    /// @param sums of red, green and blue
    private static void weigh(
            Coefficients table, int index, int[][] ring, int length, int[][] sums, int[] result, int at) {
        int[] red = sums[0];
        int[] green = sums[1];
        int[] blue = sums[2];
        Arrays.fill(red, 0, length, HALF);
        Arrays.fill(green, 0, length, HALF);
        Arrays.fill(blue, 0, length, HALF);
        int[] weight = table.weight();
        int last = table.end(index) - 1;
        for (int t = 0; t < table.count()[index]; t += Coefficients.GROUP) {
            int line = table.first()[index] + t;
            int w = index * table.stride() + t;
            int[] a = ring[line % ring.length];
            int[] b = ring[Math.min(line + 1, last) % ring.length];
            int[] c = ring[Math.min(line + 2, last) % ring.length];
            int[] d = ring[Math.min(line + 3, last) % ring.length];
            Weights weights = new Weights(weight[w], weight[w + 1], weight[w + 2], weight[w + 3]);
            addRed(red, length, a, b, c, d, weights);
            addGreen(green, length, a, b, c, d, weights);
            addBlue(blue, length, a, b, c, d, weights);
        }
        pack(red, green, blue, length);
        System.arraycopy(red, 0, result, at, length);
    }

    private record Weights(int a, int b, int c, int d) {}

    private static void addRed(int[] sum, int length, int[] a, int[] b, int[] c, int[] d, Weights weights) {
        int wa = weights.a();
        int wb = weights.b();
        int wc = weights.c();
        int wd = weights.d();
        for (int j = 0; j < length; j++) {
            sum[j] += (a[j] & 255) * wa + (b[j] & 255) * wb + (c[j] & 255) * wc + (d[j] & 255) * wd;
        }
    }

    private static void addGreen(int[] sum, int length, int[] a, int[] b, int[] c, int[] d, Weights weights) {
        int wa = weights.a();
        int wb = weights.b();
        int wc = weights.c();
        int wd = weights.d();
        for (int j = 0; j < length; j++) {
            sum[j] += (a[j] >> 8 & 255) * wa + (b[j] >> 8 & 255) * wb + (c[j] >> 8 & 255) * wc + (d[j] >> 8 & 255) * wd;
        }
    }

    private static void addBlue(int[] sum, int length, int[] a, int[] b, int[] c, int[] d, Weights weights) {
        int wa = weights.a();
        int wb = weights.b();
        int wc = weights.c();
        int wd = weights.d();
        for (int j = 0; j < length; j++) {
            sum[j] += (a[j] >> 16) * wa + (b[j] >> 16) * wb + (c[j] >> 16) * wc + (d[j] >> 16) * wd;
        }
    }

    private static void pack(int[] red, int[] green, int[] blue, int length) {
        for (int j = 0; j < length; j++) {
            red[j] = clip(red[j]) | clip(green[j]) << 8 | clip(blue[j]) << 16;
        }
    }

    /// `min(max(sum >> FRACTION_BITS, 0), 255)` in operations that become vector code.
    private static int clip(int sum) {
        int value = sum >> Coefficients.FRACTION_BITS;
        value &= ~(value >> 31);
        value |= (255 - value) >> 31;
        return value & 255;
    }

    /// Columns `from` to `from + count` of the picture as lines `to` onwards of a ring.
    private static void columnsOf(Raster source, int from, int count, int[][] ring, int to, int top, int bottom) {
        int whole = count / QUAD * QUAD;
        for (int y0 = top; y0 < bottom; y0 += TALL) {
            int y1 = Math.min(y0 + TALL, bottom);
            for (int k = 0; k < whole; k += QUAD) {
                fourColumns(source, from + k, ring, to + k, y0, y1, top);
            }
        }
        for (int k = whole; k < count; k++) {
            byte[] pixels = source.pixels();
            int[] line = ring[(to + k) % ring.length];
            int in = (top * source.width() + from + k) * CHANNELS;
            for (int y = top; y < bottom; y++) {
                line[y - top] = pixels[in] & 255 | (pixels[in + 1] & 255) << 8 | (pixels[in + 2] & 255) << 16;
                in += source.width() * CHANNELS;
            }
        }
    }

    private static void fourColumns(Raster source, int from, int[][] ring, int to, int y0, int y1, int top) {
        byte[] pixels = source.pixels();
        int stride = source.width() * CHANNELS;
        int[] a = ring[to % ring.length];
        int[] b = ring[(to + 1) % ring.length];
        int[] c = ring[(to + 2) % ring.length];
        int[] d = ring[(to + 3) % ring.length];
        int in = y0 * stride + from * CHANNELS;
        for (int j = y0 - top; j < y1 - top; j++) {
            long low = (long) LONG.get(pixels, in);
            long high = (long) LONG.get(pixels, in + 4);
            a[j] = (int) low & PIXEL;
            b[j] = (int) (low >>> 24) & PIXEL;
            c[j] = (int) (high >>> 16) & PIXEL;
            d[j] = (int) (high >>> 40);
            in += stride;
        }
    }

    /// Rows `from` to `from + count` of the narrowed picture, which is held by columns, as lines `to` onwards
    /// of a ring.
    private static void rowsOf(int[][] narrow, int from, int count, int[][] ring, int to, int width) {
        for (int x0 = 0; x0 < width; x0 += BLOCK) {
            int x1 = Math.min(x0 + BLOCK, width);
            for (int k = 0; k < count; k++) {
                int[] line = ring[(to + k) % ring.length];
                for (int x = x0; x < x1; x++) {
                    line[x] = narrow[x][from + k];
                }
            }
        }
    }

    /// Lines that grow to the largest picture seen and are then kept.
    private static final class Lines {
        private int[][] lines = new int[0][];
        private int length;

        int[][] of(int count, int needed) {
            if (lines.length < count || length < needed) {
                length = Math.max(length, needed);
                lines = new int[Math.max(count, lines.length)][length];
            }
            return lines;
        }
    }
}
