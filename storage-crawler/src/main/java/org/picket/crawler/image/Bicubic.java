package org.picket.crawler.image;

import java.util.Arrays;

/// Antialiased bicubic resampling of interleaved 8-bit, three-channel pictures, bit for bit what Pillow's
/// `Image.resize(size, BICUBIC)` gives: a horizontal pass rounded to 8 bits, then a vertical one.
///
/// Bundles are made for exactly these pixels, and a quorum compares digests of them. Only the part of the
/// result that is asked for is computed, from only those rows and columns that it reads.
///
/// The shape of the loops is for the just-in-time compiler, which makes vector code of `int` lines read at one
/// common index and of little else: so samples are widened once, and the horizontal pass works on whole columns
/// (the picture is transposed block by block, twice), which makes both passes a weighted sum of lines.
///
/// Not thread-safe: buffers are kept between calls; one per decoding thread.
final class Bicubic {

    private static final int CHANNELS = 3;
    /// Lines that are transposed at once: small enough for the cache, large enough to use whole cache lines.
    private static final int BLOCK = 16;
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
        int samples = window.width() * CHANNELS;
        int[] sum = sums.of(1, samples)[0];
        int[][] ring = rows.of(down.stride() + BLOCK, samples);
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
                weigh(down, y, ring, samples, sum);
                line = sum;
            }
            int to = i * samples;
            for (int j = 0; j < samples; j++) {
                result[to + j] = (byte) line[j];
            }
        }
        return result;
    }

    /// The horizontal pass: for each column of the window, its samples in rows `top` to `bottom`.
    private int[][] narrow(Raster source, int width, Window window, int top, int bottom) {
        Coefficients across = coefficients.between(source.width(), width);
        int samples = (bottom - top) * CHANNELS;
        int[][] narrow = narrowed.of(window.width(), samples);
        // A pass that changes no length is left out, as in Pillow.
        if (width == source.width()) {
            for (int x = 0; x < window.width(); x += BLOCK) {
                int count = Math.min(BLOCK, window.width() - x);
                columnsOf(source, window.x() + x, count, narrow, x, top, bottom);
            }
            return narrow;
        }
        int right = across.end(window.x() + window.width() - 1);
        int loaded = across.first()[window.x()];
        int[][] ring = columns.of(across.stride() + BLOCK, samples);
        for (int i = 0; i < window.width(); i++) {
            int x = window.x() + i;
            while (loaded < across.end(x)) {
                int count = Math.min(BLOCK, right - loaded);
                columnsOf(source, loaded, count, ring, loaded, top, bottom);
                loaded += count;
            }
            weigh(across, x, ring, samples, narrow[i]);
        }
        return narrow;
    }

    /// The weighted sum of the lines that output `index` reads, rounded and clipped to 8 bits.
    private static void weigh(Coefficients table, int index, int[][] ring, int samples, int[] sum) {
        Arrays.fill(sum, 0, samples, HALF);
        int[] weight = table.weight();
        int last = table.end(index) - 1;
        for (int t = 0; t < table.count()[index]; t += Coefficients.GROUP) {
            int line = table.first()[index] + t;
            int w = index * table.stride() + t;
            int[] a = ring[line % ring.length];
            int[] b = ring[Math.min(line + 1, last) % ring.length];
            int[] c = ring[Math.min(line + 2, last) % ring.length];
            int[] d = ring[Math.min(line + 3, last) % ring.length];
            addFour(sum, samples, a, b, c, d, new Weights(weight[w], weight[w + 1], weight[w + 2], weight[w + 3]));
        }
        clip(sum, samples);
    }

    private record Weights(int a, int b, int c, int d) {}

    private static void addFour(int[] sum, int samples, int[] a, int[] b, int[] c, int[] d, Weights weights) {
        int wa = weights.a();
        int wb = weights.b();
        int wc = weights.c();
        int wd = weights.d();
        for (int j = 0; j < samples; j++) {
            sum[j] += a[j] * wa + b[j] * wb + c[j] * wc + d[j] * wd;
        }
    }

    /// `min(max(sum >> FRACTION_BITS, 0), 255)` in operations that become vector code.
    private static void clip(int[] sum, int samples) {
        for (int j = 0; j < samples; j++) {
            int value = sum[j] >> Coefficients.FRACTION_BITS;
            value &= ~(value >> 31);
            value |= (255 - value) >> 31;
            sum[j] = value & 255;
        }
    }

    /// Columns `from` to `from + count` of the picture as lines `to` onwards of a ring.
    private static void columnsOf(Raster source, int from, int count, int[][] ring, int to, int top, int bottom) {
        byte[] pixels = source.pixels();
        int stride = source.width() * CHANNELS;
        for (int y0 = top; y0 < bottom; y0 += BLOCK) {
            int y1 = Math.min(y0 + BLOCK, bottom);
            for (int k = 0; k < count; k++) {
                int[] line = ring[(to + k) % ring.length];
                int in = y0 * stride + (from + k) * CHANNELS;
                int out = (y0 - top) * CHANNELS;
                for (int y = y0; y < y1; y++) {
                    line[out] = pixels[in] & 0xff;
                    line[out + 1] = pixels[in + 1] & 0xff;
                    line[out + 2] = pixels[in + 2] & 0xff;
                    in += stride;
                    out += CHANNELS;
                }
            }
        }
    }

    /// Rows `from` to `from + count` of the narrowed picture, which is held by columns, as lines `to` onwards
    /// of a ring.
    private static void rowsOf(int[][] narrow, int from, int count, int[][] ring, int to, int width) {
        for (int x0 = 0; x0 < width; x0 += BLOCK) {
            int x1 = Math.min(x0 + BLOCK, width);
            for (int k = 0; k < count; k++) {
                int[] line = ring[(to + k) % ring.length];
                int in = (from + k) * CHANNELS;
                int out = x0 * CHANNELS;
                for (int x = x0; x < x1; x++) {
                    int[] column = narrow[x];
                    line[out] = column[in];
                    line[out + 1] = column[in + 1];
                    line[out + 2] = column[in + 2];
                    out += CHANNELS;
                }
            }
        }
    }

    /// Lines that grow to the largest picture seen and are then kept.
    private static final class Lines {
        private int[][] lines = new int[0][];
        private int samples;

        int[][] of(int count, int length) {
            if (lines.length < count || samples < length) {
                samples = Math.max(samples, length);
                lines = new int[Math.max(count, lines.length)][samples];
            }
            return lines;
        }
    }
}
