package org.picket.bench.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;

/// Synthetic pictures of one size and format.
///
/// @param name of the kind, for figures
/// @param files encoded
/// @param megapixels of each
public record Pictures(String name, List<byte[]> files, double megapixels) {
    private static final int COUNT = 8;
    private static final int JPEG_QUALITY = 85;
    private static final int WEBP_QUALITY = 80;
    private static final int PNG_LEVEL = 3;
    private static final Labels SHOWN = new Labels(true, true, false, false);

    /// The kinds that are measured.
    public static List<Pictures> all() {
        return List.of(
                jpeg(1_152, 864),
                jpeg(1_600, 1_200),
                of("png", 1_152, 864, ".png", opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, PNG_LEVEL),
                of("webp", 1_152, 864, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, WEBP_QUALITY),
                gif(640, 480));
    }

    /// JPEG pictures of that size.
    public static Pictures jpeg(int width, int height) {
        return of("jpeg", width, height, ".jpg", opencv_imgcodecs.IMWRITE_JPEG_QUALITY, JPEG_QUALITY);
    }

    private static Pictures of(String name, int width, int height, String extension, int setting, int value) {
        List<byte[]> files = new ArrayList<>();
        for (int seed = 0; seed < COUNT; seed++) {
            files.add(encode(paint(seed, width, height), extension, setting, value));
        }
        return new Pictures(name, List.copyOf(files), width * height / 1e6);
    }

    private static Pictures gif(int width, int height) {
        List<byte[]> files = new ArrayList<>();
        for (int seed = 0; seed < COUNT; seed++) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try {
                if (!ImageIO.write(paint(seed, width, height), "gif", file)) {
                    throw new IllegalStateException("this JDK cannot write GIF pictures");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            files.add(file.toByteArray());
        }
        return new Pictures("gif", List.copyOf(files), width * height / 1e6);
    }

    private static BufferedImage paint(int seed, int width, int height) {
        return Painter.paint(new Scene(seed, width, height, SHOWN));
    }

    private static byte[] encode(BufferedImage image, String extension, int setting, int value) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] blueGreenRed = new byte[pixels.length * 3];
        for (int at = 0; at < pixels.length; at++) {
            blueGreenRed[at * 3] = (byte) pixels[at];
            blueGreenRed[at * 3 + 1] = (byte) (pixels[at] >> 8);
            blueGreenRed[at * 3 + 2] = (byte) (pixels[at] >> 16);
        }
        try (PointerScope scope = new PointerScope()) {
            BytePointer raw = new BytePointer(blueGreenRed);
            scope.attach(raw);
            Mat mat = new Mat(image.getHeight(), image.getWidth(), opencv_core.CV_8UC3, raw);
            BytePointer encoded = new BytePointer();
            if (!opencv_imgcodecs.imencode(extension, mat, encoded, new IntPointer(setting, value))) {
                throw new IllegalStateException("OpenCV cannot write " + extension + " pictures on this machine");
            }
            byte[] file = new byte[(int) encoded.limit()];
            encoded.get(file);
            return file;
        }
    }

    /// Bytes of an average file.
    public double bytes() {
        return files.stream().mapToInt(file -> file.length).average().orElse(0);
    }

    /// One of the files, by turns.
    public byte[] file(int turn) {
        return files.get(turn % files.size());
    }
}
