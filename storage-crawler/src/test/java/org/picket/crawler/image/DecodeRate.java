package org.picket.crawler.image;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/// A program that measures decoding on one core, within this process and through a child: one line of JSON a
/// picture. Argument: the folder for the native libraries. Start it with the child's own settings
/// ([DecoderCommand]), or the two do not compare.
final class DecodeRate {

    private static final int ROUNDS = 15;
    private static final int SIZE = 224;

    private DecodeRate() {}

    private interface Step {
        void run() throws InterruptedException;
    }

    public static void main(String[] arguments) throws InterruptedException {
        DecoderSettings settings =
                DecoderSettings.defaults(Path.of(arguments[0])).withChildren(1);
        try (DecoderPool pool = new DecoderPool(settings)) {
            for (String format : new String[] {".jpg", ".webp", ".png"}) {
                for (int[] sides : new int[][] {{1000, 1000}, {1155, 866}, {1600, 1200}}) {
                    measure(pool, format, sides[0], sides[1]);
                }
            }
        }
    }

    private static void measure(DecoderPool pool, String format, int width, int height) throws InterruptedException {
        byte[] object = picture(format, width, height);
        PictureDecoder decoder = new PictureDecoder(100_000_000);
        Octets octets = new Octets(object, object.length);
        Step within = () -> decoder.decode(octets, SIZE);
        Step through = () -> pool.decode(object, object.length, SIZE);
        int count = format.equals(".jpg") ? 50 : 12;
        time(within, 4 * count);
        time(through, 4 * count);
        Cost inside = Cost.of(within, count);
        Cost outside = Cost.of(through, count);
        System.out.printf(
                Locale.ROOT,
                "{\"figure\":\"decode\",\"format\":\"%s\",\"width\":%d,\"height\":%d,\"bytes\":%d,"
                        + "\"withinMs\":%.2f,\"throughChildMs\":%.2f,\"withinCpuMs\":%.2f,\"throughChildCpuMs\":%.2f}%n",
                format.substring(1),
                width,
                height,
                object.length,
                inside.wallMs(),
                outside.wallMs(),
                inside.cpuMs(),
                outside.cpuMs());
    }

    /// Milliseconds a picture: the median of rounds by the clock, and the mean of processor time over all
    /// rounds, of this process and its children together (which other load on the machine moves least).
    private record Cost(double wallMs, double cpuMs) {
        static Cost of(Step step, int count) throws InterruptedException {
            double[] wall = new double[ROUNDS];
            double cpu = processorMs();
            for (int i = 0; i < ROUNDS; i++) {
                wall[i] = time(step, count);
            }
            double used = processorMs() - cpu;
            Arrays.sort(wall);
            return new Cost(wall[ROUNDS / 2], used / ROUNDS / count);
        }

        private static double processorMs() {
            return Stream.concat(
                            Stream.of(ProcessHandle.current()),
                            ProcessHandle.current().children())
                    .map(process -> process.info().totalCpuDuration().orElseThrow())
                    .mapToDouble(Duration::toMillis)
                    .sum();
        }
    }

    private static double time(Step step, int count) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            step.run();
        }
        return (System.nanoTime() - start) / 1e6 / count;
    }

    /// Waves, edges and grain: compresses about as a photograph does.
    private static byte[] picture(String format, int width, int height) {
        Random random = new Random(5);
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double wave = Math.sin(x / 31.0) + Math.cos(y / 17.0) + Math.sin((x + 2 * y) / 211.0);
                double edge = Math.hypot(x % 257 - 128, y % 193 - 96) < 60 ? 45 : 0;
                for (int c = 0; c < 3; c++) {
                    double value = 110 + 30 * wave + edge * (c - 1) + random.nextGaussian() * 5;
                    pixels[(y * width + x) * 3 + c] = (byte) Math.clamp(Math.round(value), 0, 255);
                }
            }
        }
        try (BytePointer data = new BytePointer(pixels);
                Mat mat = new Mat(height, width, opencv_core.CV_8UC3, data);
                BytePointer encoded = new BytePointer();
                IntPointer options = new IntPointer(
                        format.equals(".webp")
                                ? opencv_imgcodecs.IMWRITE_WEBP_QUALITY
                                : opencv_imgcodecs.IMWRITE_JPEG_QUALITY,
                        85)) {
            boolean plain = format.equals(".png");
            boolean written = plain
                    ? opencv_imgcodecs.imencode(format, mat, encoded)
                    : opencv_imgcodecs.imencode(format, mat, encoded, options);
            if (!written) {
                throw new IllegalStateException("cannot encode " + format);
            }
            byte[] object = new byte[(int) encoded.limit()];
            encoded.get(object);
            return object;
        }
    }
}
