package org.picket.drill;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/// Many pictures, each a content of its own, that come to a storage a lump at a time.
///
/// A few samples are made smaller and written again and again, each time with another comment in the file: that
/// costs nobody a processor, and no two have the same hash.
final class StormSamples {
    private static final int SIDE = 480;
    private static final int CLEAR = 46;
    private static final int FLAGGED = 2;
    /// Of so many one is to be flagged: more would blow the flood fuse.
    private static final int ONE_FLAGGED_OF = 150;
    private static final int SAMPLES = 160;
    private static final int COMMENT = 0xfffe;
    private static final int COMMENT_BYTES = 10;
    private static final int A_LUMP_AT_LEAST = 1;

    private final Path source;
    private final Path storage;
    private final int count;
    private final List<Path> left = new ArrayList<>();

    private StormSamples(Path source, Path storage, int count) {
        this.source = source;
        this.storage = storage;
        this.count = count;
    }

    /// Pictures to be written again and again.
    record Originals(List<byte[]> clear, List<byte[]> flagged) {}

    static Originals originals(Path folder, long seed) throws IOException {
        Path samples = Admin.samples(folder, SAMPLES, seed);
        List<byte[]> clear = new ArrayList<>();
        List<byte[]> flagged = new ArrayList<>();
        for (String line : Files.readAllLines(samples.resolve("manifest.csv"))) {
            String[] cells = line.split(",", -1);
            if (!cells[0].endsWith(".jpg")) {
                continue;
            }
            List<byte[]> kind = cells[1].equals("flagged") ? flagged : clear;
            BufferedImage whole = ImageIO.read(samples.resolve(cells[0]).toFile());
            if (kind.size() < (kind == flagged ? FLAGGED : CLEAR) && ofOneView(whole)) {
                kind.add(smaller(whole));
            }
        }
        return new Originals(clear, flagged);
    }

    /// Longer ones become several.
    private static boolean ofOneView(BufferedImage picture) {
        int shortSide = Math.min(picture.getWidth(), picture.getHeight());
        int longSide = Math.max(picture.getWidth(), picture.getHeight());
        return 1.3 * shortSide >= longSide;
    }

    private static byte[] smaller(BufferedImage whole) throws IOException {
        double scale = (double) SIDE / Math.min(whole.getWidth(), whole.getHeight());
        int width = Math.max(SIDE, (int) (whole.getWidth() * scale));
        int height = Math.max(SIDE, (int) (whole.getHeight() * scale));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = small.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        canvas.drawImage(whole, 0, 0, width, height, null);
        canvas.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(small, "jpg", bytes);
        return bytes.toByteArray();
    }

    /// Writes all that is to come to a storage, outside of it.
    ///
    /// @param first number of the first one: numbers tell contents apart
    static StormSamples write(Originals originals, Path source, Path storage, int first, int count, Random random)
            throws IOException {
        StormSamples samples = new StormSamples(source, storage, count);
        Files.createDirectories(storage);
        for (int i = 0; i < count; i++) {
            // In the order in which they come, so that what comes later changes what was listed last alone.
            Path file = source.resolve("%04d".formatted(i / 50)).resolve("%02d.jpg".formatted(i % 50));
            Files.createDirectories(file.getParent());
            List<byte[]> kind = i % ONE_FLAGGED_OF == 7 ? originals.flagged() : originals.clear();
            byte[] picture = kind.get(random.nextInt(kind.size()));
            Files.write(file, commented(picture, first + i));
            samples.left.add(file);
        }
        return samples;
    }

    /// With a comment behind the picture's first segment.
    private static byte[] commented(byte[] picture, int number) {
        int at = 4 + (Byte.toUnsignedInt(picture[4]) << Byte.SIZE | Byte.toUnsignedInt(picture[5]));
        return ByteBuffer.allocate(picture.length + 2 + COMMENT_BYTES)
                .put(picture, 0, at)
                .putShort((short) COMMENT)
                .putShort((short) COMMENT_BYTES)
                .putLong(number)
                .put(picture, at, picture.length - at)
                .array();
    }

    /// Where they were written.
    Path source() {
        return source;
    }

    Path storage() {
        return storage;
    }

    /// Brings some of them to the storage.
    void bring(int count) throws IOException {
        int lump = Math.min(Math.max(count, A_LUMP_AT_LEAST), left.size());
        for (Path file : left.subList(0, lump)) {
            Path target = storage.resolve(source.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        }
        left.subList(0, lump).clear();
    }

    /// How many were brought.
    int brought() {
        return count - left.size();
    }

    boolean allBrought() {
        return left.isEmpty();
    }
}
