package org.picket.bench.pipeline;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;

/// Folders of JPEG pictures no two of which have the same bytes: few pictures, each file with a comment of its
/// own, so that a million of them are made quickly and none is known from another.
public final class Store {
    private static final int SHORTEST_SIDE = 640;
    private static final int LONGEST_SHORT_SIDE = 1_150;
    private static final int PICTURES = 48;
    private static final int FOLDERS = 256;
    private static final int TINY_SIDE = 8;

    private Store() {}

    /// Pictures of the sizes that JPEG samples have.
    public static List<byte[]> samples(long seed) {
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            Labels labels = new Labels(i % 2 == 0, false, false, i % 4 == 0);
            files.add(jpeg(Painter.paint(Scene.of(Dice.seed(seed, i), labels, SHORTEST_SIDE, LONGEST_SHORT_SIDE))));
        }
        return List.copyOf(files);
    }

    /// One picture of 64 pixels.
    public static List<byte[]> tiny() {
        return List.of(jpeg(new BufferedImage(TINY_SIDE, TINY_SIDE, BufferedImage.TYPE_INT_RGB)));
    }

    private static byte[] jpeg(BufferedImage image) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "jpg", file)) {
                throw new IllegalStateException("this JDK cannot write JPEG pictures");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /// Writes the files numbered from `from` up to `to`.
    ///
    /// @return bytes
    public static long fill(Path folder, List<byte[]> pictures, int from, int to) {
        for (int i = 0; i < FOLDERS; i++) {
            try {
                Files.createDirectories(folder.resolve("%02x".formatted(i)));
            } catch (IOException e) {
                throw new UncheckedIOException("the folder " + folder + " cannot be filled", e);
            }
        }
        return IntStream.range(from, to)
                .parallel()
                .mapToLong(number -> {
                    byte[] file = stamped(pictures.get(number % pictures.size()), number);
                    try {
                        Files.write(
                                folder.resolve("%02x".formatted(number % FOLDERS))
                                        .resolve("%08d.jpg".formatted(number)),
                                file);
                    } catch (IOException e) {
                        throw new UncheckedIOException("the folder " + folder + " cannot be filled", e);
                    }
                    return file.length;
                })
                .sum();
    }

    /// Reads all files once, so that the system has them in its memory, as far as it will: what decoders are held
    /// against lies in memory too.
    public static void read(Path folder) {
        byte[] taken = new byte[1 << 20];
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    while (in.read(taken) >= 0) {
                        // read to its end
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
        }
    }

    /// The picture with a comment behind its first marker.
    static byte[] stamped(byte[] jpeg, int number) {
        byte[] comment = "picture %08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
        byte[] file = new byte[jpeg.length + 4 + comment.length];
        System.arraycopy(jpeg, 0, file, 0, 2);
        file[2] = (byte) 0xff;
        file[3] = (byte) 0xfe;
        file[4] = 0;
        file[5] = (byte) (comment.length + 2);
        System.arraycopy(comment, 0, file, 6, comment.length);
        System.arraycopy(jpeg, 2, file, 6 + comment.length, jpeg.length - 2);
        return file;
    }
}
