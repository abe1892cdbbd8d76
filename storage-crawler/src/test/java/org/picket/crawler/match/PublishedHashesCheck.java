package org.picket.crawler.match;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// The published rule of conformance, against reference photographs that are not part of this repository: of
/// each picture with a quality of 80 or more, the hash is within 10 bits of the published one.
///
/// Not one of the tests that run by themselves, since it would pass without its photographs: run it by `mvn
/// test -pl storage-crawler -am -Dtest=PublishedHashesCheck -Dsurefire.failIfNoSpecifiedTests=false
/// -Dpicket.pdq.reference=FOLDER`. The folder has the photographs and a file `expected.txt` with lines of `HASH
/// QUALITY FILE`, as the published programs print them with commas in place of the spaces. Without the folder
/// it fails and says so.
class PublishedHashesCheck {
    private static final String FOLDER = "picket.pdq.reference";
    private static final int CONFORMING = 10;
    private static final int GOOD = 80;

    @Test
    void publishedHashesAreMet() throws IOException {
        Path folder = Path.of(Optional.ofNullable(System.getProperty(FOLDER))
                .orElseGet(() -> fail("NOT CHECKED: name the folder of reference photographs by -D" + FOLDER + "=…")));
        List<String> lines = Files.readAllLines(folder.resolve("expected.txt"));
        int checked = 0;
        for (String line : lines) {
            String[] fields = line.split("[ ,]", 3);
            BufferedImage image = ImageIO.read(folder.resolve(fields[2]).toFile());
            Fingerprint print = new PdqHasher().of(raster(image), Grid.upright(image.getWidth(), image.getHeight()));
            if (Integer.parseInt(fields[1]) >= GOOD) {
                int distance = print.hash().distance(PdqHash.parse(fields[0]));
                System.out.println(fields[2] + ": " + distance + " bits, quality " + print.quality());
                assertTrue(distance <= CONFORMING, fields[2] + " differs in " + distance + " bits");
                checked++;
            }
        }
        assertTrue(checked > 0, "NOT CHECKED: no line of expected.txt has a quality of " + GOOD + " or more");
    }

    private static byte[] raster(BufferedImage image) {
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
        return raster;
    }
}
