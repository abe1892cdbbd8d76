package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.picket.crawler.match.Fingerprint;
import org.picket.crawler.match.Grid;
import org.picket.crawler.match.PdqHasher;
import org.picket.proto.seal.Digest;

/// Hash lists from their file to a finding, by whole commands over synthetic pictures.
@Order(4)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListsScanIT {
    private static final int GOOD = 60;
    private static final String COPY = "copy-of-it.jpg";

    private Path folder;
    private Path samples;
    private Admin admin;
    private PicketProcess.Ended before;
    private Kept kept;

    @BeforeAll
    void scanWithoutLists(@TempDir Path temporary) {
        folder = temporary;
        samples = Admin.samples(folder, 30, 11);
        admin = Admin.of(folder, "data");
        before = scan();
        kept = Kept.of(admin.data());
    }

    @BeforeEach
    void bringBack() throws IOException {
        Files.deleteIfExists(samples.resolve(COPY));
        kept.bringBack();
        admin = Admin.of(folder, "data");
    }

    @Test
    void deniedPictureIsFoundAsResizedCopyAmongWhatWasClearedAndNothingIsSent() throws IOException {
        Path denied = cleared();
        writeCopy(denied, samples.resolve(COPY));
        lists("pdq " + fingerprint(denied).hash().hex(), "--kind", "deny", "--category", "test.known");
        PicketProcess.Ended scan = scan();
        assertEquals(0, scan.number("views"), "something was sent although all of it was known or listed");
        List<Admin.Row> found = listed("list/pdq/1/drill");
        assertEquals(
                Set.of(samples.relativize(denied).toString(), COPY),
                found.stream().map(Admin.Row::key).collect(Collectors.toSet()));
        found.forEach(row -> assertEquals("test.known", row.category()));
        // Nothing has changed: nothing is read again.
        assertEquals(0, scan().number("bytes"));
        admin.run("verify").expect(0);
    }

    @Test
    void deniedContentThatWasClearedIsFoundByReadingItsShardAloneUntilItsHashIsWithdrawn() throws IOException {
        String denied = sha256(cleared());
        lists(denied, "--kind", "deny", "--category", "test.known", "--type", "sha256");
        PicketProcess.Ended scan = scan();
        assertEquals(0, scan.number("views"));
        assertEquals(1, listed("list/sha256/1/drill").size());
        assertEquals("OBSERVED", state("list/sha256/1/drill"));
        // A hash that is nowhere costs no reading at all.
        lists("ab".repeat(32), "--kind", "deny", "--category", "test.known", "--type", "sha256");
        assertEquals(0, scan().number("bytes"));
        admin.run("lists", "disable", denied).expect(0);
        scan();
        assertEquals("SUPERSEDED", state("list/sha256/1/drill"));
    }

    private String state(String rule) {
        return listed(rule).getFirst().state();
    }

    @Test
    void allowedContentIsNeverSentAndNeverFound() throws IOException {
        Path flagged = samples.resolve(admin.findings().getFirst().key());
        admin = Admin.of(folder, "other-data");
        lists(sha256(flagged), "--kind", "allow", "--type", "sha256");
        PicketProcess.Ended scan = scan();
        assertTrue(scan.number("views") < before.number("views"), "the allowed picture was sent");
        String key = samples.relativize(flagged).toString();
        assertTrue(admin.findings().stream().noneMatch(row -> row.key().equals(key)), "an allowed content was found");
    }

    @Test
    void listsAreShownDisabledAndNeverTold() throws IOException {
        Path file = folder.resolve("broken.txt");
        Files.writeString(file, "ab".repeat(32) + "\nnot-a-hash\n");
        PicketProcess.Ended refused = admin.run(
                "lists",
                "import",
                file.toString(),
                "--kind",
                "deny",
                "--type",
                "sha256",
                "--category",
                "c",
                "--source",
                "s");
        refused.expect(2);
        assertTrue(refused.err().contains(file + ":2:1: "), refused.err());
        lists("ab".repeat(32), "--kind", "deny", "--category", "test.known", "--type", "sha256");
        PicketProcess.Ended shown = admin.run("lists", "show", "--json").expect(0);
        assertTrue(shown.out().contains("\"inForce\":1"), shown.out());
        assertFalse(shown.out().contains("abababab"), "a list's hash was shown");
        admin.run("lists", "disable", "ab".repeat(32), "--until", "30d").expect(0);
        assertTrue(admin.run("lists", "show", "--json").out().contains("\"inForce\":0"));
        admin.run("lists", "enable", "ab".repeat(32)).expect(0);
        assertTrue(admin.run("lists", "show", "--json").out().contains("\"inForce\":1"));
        admin.run("lists", "disable", "cd".repeat(32)).expect(2);
    }

    private PicketProcess.Ended scan() {
        return admin.run("scan", samples.toString(), "--json").expect(0);
    }

    private void lists(String line, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), line + "\n");
        String[] command = Stream.concat(
                        Stream.of("lists", "import", file.toString(), "--source", "drill"), Arrays.stream(options))
                .toArray(String[]::new);
        admin.run(command).expect(0);
    }

    /// A picture that no rule has found, with features enough to be known by.
    private Path cleared() throws IOException {
        Set<String> found = admin.findings().stream().map(Admin.Row::key).collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(samples)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !found.contains(samples.relativize(file).toString()))
                    .filter(file -> picture(file)
                            .map(image -> fingerprint(image).quality() >= GOOD)
                            .orElse(false))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Optional<BufferedImage> picture(Path file) {
        try {
            return Optional.ofNullable(ImageIO.read(file.toFile()))
                    .filter(image -> !image.getColorModel().hasAlpha());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fingerprint fingerprint(Path file) {
        return fingerprint(picture(file).orElseThrow());
    }

    private static Fingerprint fingerprint(BufferedImage image) {
        byte[] raster = new byte[3 * image.getWidth() * image.getHeight()];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                raster[at++] = (byte) (rgb >> 16);
                raster[at++] = (byte) (rgb >> 8);
                raster[at++] = (byte) rgb;
            }
        }
        return new PdqHasher().of(raster, Grid.upright(image.getWidth(), image.getHeight()));
    }

    /// At two thirds of the size, as a JPEG.
    private static void writeCopy(Path file, Path copy) throws IOException {
        BufferedImage image = picture(file).orElseThrow();
        BufferedImage small =
                new BufferedImage(image.getWidth() * 2 / 3, image.getHeight() * 2 / 3, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, small.getWidth(), small.getHeight(), null);
        graphics.dispose();
        assertTrue(ImageIO.write(small, "jpg", copy.toFile()));
    }

    private static String sha256(Path file) throws IOException {
        return Digest.of(Files.readAllBytes(file)).hex();
    }

    private List<Admin.Row> listed(String rule) {
        return admin.findings().stream().filter(row -> row.rule().equals(rule)).toList();
    }
}
