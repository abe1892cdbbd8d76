package org.picket.crawler.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// PDQ, the perceptual hash that Meta published in 2019: pictures that look alike have hashes that differ in
/// few bits.
///
/// Steps and constants are those of the paper "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
/// Algorithm": luma, two rounds of a box filter along rows and columns, 64 × 64 samples, cosine transform to 16
/// × 16 without its first row and column, one bit for each coefficient above the median. All in single
/// precision, in the order that the published implementations share, so that equal pixels give equal bits.
///
/// A side of more than [#SIDE] pixels is first brought to [#REDUCED] by averaging, each side for itself, since
/// only 64 × 64 samples of the picture are used; the published implementation reduces too. Not thread-safe:
/// buffers are kept between pictures, about 2 MiB.
public final class PdqHasher {
    /// Pixels a side that are looked at as they are.
    static final int SIDE = 512;

    /// Pixels that a longer side is brought to. Its blur has a window of an odd number of pixels, so it moves
    /// nothing: of the published photographs of more than 512 pixels the hashes stay within 8 bits, where 512
    /// itself, with a window of four, is up to 14 away.
    static final int REDUCED = 384;

    private static final int SAMPLES = 64;
    private static final int ROOT = 16;
    private static final int BITS = ROOT * ROOT;
    private static final int PASSES = 2;
    private static final int WINDOWS_A_SIDE = 128;
    private static final int SMALLEST = 5;
    private static final float[] COSINES = cosines();

    private final float[] luma = new float[SIDE * SIDE];
    private final float[] blurred = new float[SIDE * SIDE];
    private final float[] samples = new float[SAMPLES * SAMPLES];
    private final float[] rows = new float[ROOT * SAMPLES];
    private final float[] coefficients = new float[BITS];
    private final float[] turned = new float[BITS];
    private final float[] sorted = new float[BITS];

    private static float[] cosines() {
        float[] matrix = new float[ROOT * SAMPLES];
        for (int i = 0; i < ROOT; i++) {
            for (int j = 0; j < SAMPLES; j++) {
                matrix[i * SAMPLES + j] =
                        (float) (Math.sqrt(2.0 / SAMPLES) * Math.cos(Math.PI / 2 / SAMPLES * (i + 1) * (2 * j + 1)));
            }
        }
        return matrix;
    }

    /// Hashes a picture. One with a side of less than 5 pixels has no features: quality 0, no bit set.
    ///
    /// @param raster 3 bytes a pixel, red first
    public Fingerprint of(byte[] raster, Grid grid) {
        if (Math.min(grid.width(), grid.height()) < SMALLEST) {
            PdqHash none = new PdqHash(0, 0, 0, 0);
            return new Fingerprint(Collections.nCopies(Fingerprint.VARIANTS, none), 0);
        }
        int width = grid.width() <= SIDE ? grid.width() : REDUCED;
        int height = grid.height() <= SIDE ? grid.height() : REDUCED;
        if (width == grid.width() && height == grid.height()) {
            luma(raster, grid);
        } else {
            averaged(raster, grid, width, height);
        }
        for (int pass = 0; pass < PASSES; pass++) {
            blurRows(luma, blurred, width, height);
            blurColumns(blurred, luma, width, height);
        }
        sample(width, height);
        transform();
        return new Fingerprint(variants(), quality());
    }

    private void luma(byte[] raster, Grid grid) {
        int out = 0;
        for (int y = 0; y < grid.height(); y++) {
            int in = grid.origin() + y * grid.down();
            for (int x = 0; x < grid.width(); x++) {
                luma[out++] = 0.299f * (raster[in] & 0xff)
                        + 0.587f * (raster[in + 1] & 0xff)
                        + 0.114f * (raster[in + 2] & 0xff);
                in += grid.right();
            }
        }
    }

    /// Means over rectangles that tile the picture, in whole thousandths, so that their order makes no
    /// difference.
    private void averaged(byte[] raster, Grid grid, int width, int height) {
        int[] columns = edges(grid.width(), width);
        int[] rows = edges(grid.height(), height);
        long[] sums = new long[width];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int row = rows[y]; row < rows[y + 1]; row++) {
                add(raster, grid.origin() + row * grid.down(), grid.right(), columns, sums);
            }
            for (int x = 0; x < width; x++) {
                double pixels = (double) (columns[x + 1] - columns[x]) * (rows[y + 1] - rows[y]);
                luma[y * width + x] = (float) (sums[x] / (1_000 * pixels));
            }
        }
    }

    /// Where each of `parts` begins, and the last one ends.
    private static int[] edges(int side, int parts) {
        int[] edges = new int[parts + 1];
        Arrays.setAll(edges, i -> (int) ((long) i * side / parts));
        return edges;
    }

    private static void add(byte[] raster, int first, int step, int[] columns, long[] sums) {
        int in = first;
        for (int x = 0; x < sums.length; x++) {
            long sum = 0;
            for (int left = columns[x + 1] - columns[x]; left > 0; left--) {
                sum += 299 * (raster[in] & 0xff) + 587 * (raster[in + 1] & 0xff) + 114 * (raster[in + 2] & 0xff);
                in += step;
            }
            sums[x] += sum;
        }
    }

    private static int window(int side) {
        return (side + WINDOWS_A_SIDE - 1) / WINDOWS_A_SIDE;
    }

    /// Means over a window around each value of a row, clipped where the row ends. The sums run, as they do in
    /// the published implementations: single precision would differ otherwise.
    ///
    /// Four rows at a time, since each sum waits for the one before it.
    private static void blurRows(float[] in, float[] out, int width, int height) {
        int window = window(width);
        int ahead = (window + 2) / 2 - 1;
        for (int row = 0; row < height; row += 4) {
            int a = row * width;
            int b = Math.min(row + 1, height - 1) * width;
            int c = Math.min(row + 2, height - 1) * width;
            int d = Math.min(row + 3, height - 1) * width;
            float sumA = 0;
            float sumB = 0;
            float sumC = 0;
            float sumD = 0;
            int count = 0;
            for (int step = 0; step < width + ahead; step++) {
                if (step < width) {
                    sumA += in[a + step];
                    sumB += in[b + step];
                    sumC += in[c + step];
                    sumD += in[d + step];
                    count++;
                }
                int oldest = step - window;
                if (oldest >= 0) {
                    sumA -= in[a + oldest];
                    sumB -= in[b + oldest];
                    sumC -= in[c + oldest];
                    sumD -= in[d + oldest];
                    count--;
                }
                int at = step - ahead;
                if (at >= 0) {
                    out[a + at] = sumA / count;
                    out[b + at] = sumB / count;
                    out[c + at] = sumC / count;
                    out[d + at] = sumD / count;
                }
            }
        }
    }

    /// As [#blurRows], down the columns: all columns a step at a time, so that memory is read in order.
    private static void blurColumns(float[] in, float[] out, int width, int height) {
        int window = window(height);
        int ahead = (window + 2) / 2 - 1;
        float[] sums = new float[width];
        int count = 0;
        for (int step = 0; step < height + ahead; step++) {
            if (step < height) {
                int newest = step * width;
                for (int x = 0; x < width; x++) {
                    sums[x] += in[newest + x];
                }
                count++;
            }
            if (step >= window) {
                int oldest = (step - window) * width;
                for (int x = 0; x < width; x++) {
                    sums[x] -= in[oldest + x];
                }
                count--;
            }
            if (step >= ahead) {
                int at = (step - ahead) * width;
                for (int x = 0; x < width; x++) {
                    out[at + x] = sums[x] / count;
                }
            }
        }
    }

    private void sample(int width, int height) {
        for (int i = 0; i < SAMPLES; i++) {
            int y = (int) ((i + 0.5) * height / SAMPLES);
            for (int j = 0; j < SAMPLES; j++) {
                samples[i * SAMPLES + j] = luma[y * width + (int) ((j + 0.5) * width / SAMPLES)];
            }
        }
    }

    /// How much the samples change from neighbour to neighbour.
    private int quality() {
        int changes = 0;
        for (int i = 0; i < SAMPLES; i++) {
            for (int j = 0; j < SAMPLES; j++) {
                float here = samples[i * SAMPLES + j];
                if (i + 1 < SAMPLES) {
                    changes += Math.abs((int) ((here - samples[(i + 1) * SAMPLES + j]) * 100 / 255));
                }
                if (j + 1 < SAMPLES) {
                    changes += Math.abs((int) ((here - samples[i * SAMPLES + j + 1]) * 100 / 255));
                }
            }
        }
        return Math.min(changes / 90, Fingerprint.BEST_QUALITY);
    }

    private void transform() {
        for (int i = 0; i < ROOT; i++) {
            for (int j = 0; j < SAMPLES; j++) {
                float sum = 0;
                for (int k = 0; k < SAMPLES; k++) {
                    sum += COSINES[i * SAMPLES + k] * samples[k * SAMPLES + j];
                }
                rows[i * SAMPLES + j] = sum;
            }
        }
        for (int i = 0; i < ROOT; i++) {
            for (int j = 0; j < ROOT; j++) {
                float sum = 0;
                for (int k = 0; k < SAMPLES; k++) {
                    sum += rows[i * SAMPLES + k] * COSINES[j * SAMPLES + k];
                }
                coefficients[i * ROOT + j] = sum;
            }
        }
    }

    /// A mirror image changes the sign of every second frequency along its axis, a transposed one swaps the
    /// axes.
    private List<PdqHash> variants() {
        List<PdqHash> hashes = new ArrayList<>(Fingerprint.VARIANTS);
        for (int variant = 0; variant < Fingerprint.VARIANTS; variant++) {
            boolean upended = (variant & 1) != 0;
            boolean mirrored = (variant & 2) != 0;
            boolean transposed = (variant & 4) != 0;
            for (int i = 0; i < ROOT; i++) {
                for (int j = 0; j < ROOT; j++) {
                    float value = coefficients[i * ROOT + j];
                    boolean negative = (upended && (i & 1) == 0) != (mirrored && (j & 1) == 0);
                    turned[transposed ? j * ROOT + i : i * ROOT + j] = negative ? -value : value;
                }
            }
            hashes.add(bits());
        }
        return hashes;
    }

    /// One bit for each coefficient above the median, the lower one of the two in the middle.
    private PdqHash bits() {
        System.arraycopy(turned, 0, sorted, 0, BITS);
        Arrays.sort(sorted);
        float median = sorted[BITS / 2 - 1];
        long[] parts = new long[BITS / Long.SIZE];
        for (int k = 0; k < BITS; k++) {
            if (turned[k] > median) {
                parts[k / Long.SIZE] |= 1L << k;
            }
        }
        return new PdqHash(parts[0], parts[1], parts[2], parts[3]);
    }
}
