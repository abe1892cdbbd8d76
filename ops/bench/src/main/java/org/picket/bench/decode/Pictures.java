package org.picket.bench.decode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.picket.model.samples.OpenCvFile;
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
                of("png", 1_152, 864, image -> OpenCvFile.png(image, PNG_LEVEL)),
                of("webp", 1_152, 864, image -> OpenCvFile.webp(image, WEBP_QUALITY)),
                gif(640, 480));
    }

    /// JPEG pictures of that size.
    public static Pictures jpeg(int width, int height) {
        return of("jpeg", width, height, image -> OpenCvFile.jpeg(image, JPEG_QUALITY));
    }

    private static Pictures of(String name, int width, int height, Function<BufferedImage, byte[]> encoder) {
        List<byte[]> files = new ArrayList<>();
        for (int seed = 0; seed < COUNT; seed++) {
            files.add(encoder.apply(paint(seed, width, height)));
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

    /// Bytes of an average file.
    public double bytes() {
        return files.stream().mapToInt(file -> file.length).average().orElse(0);
    }

    /// One of the files, by turns.
    public byte[] file(int turn) {
        return files.get(turn % files.size());
    }
}
