package org.picket.crawler.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PdqHasherTest {
    private static final int NEAR = 31;

    private final PdqHasher hasher = new PdqHasher();

    private Fingerprint of(long seed, int width, int height) {
        return hasher.of(Pictures.draw(seed, width, height), Grid.upright(width, height));
    }

    @Test
    void frozenPicturesHaveTheirFrozenHashes() throws IOException {
        try (InputStream vectors = getClass().getResourceAsStream("pdq-vectors.txt")) {
            List<String> lines = new String(vectors.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            assertEquals(12, lines.size());
            for (String line : lines) {
                String[] fields = line.split(" ");
                Fingerprint print =
                        of(Long.parseLong(fields[0]), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
                assertEquals(
                        line,
                        String.join(
                                " ",
                                fields[0],
                                fields[1],
                                fields[2],
                                print.hash().hex(),
                                "" + print.quality()));
            }
        }
    }

    /// The algorithm once more, as plainly as it can be written: windows summed anew for each value, in double
    /// precision. What differs is rounding alone.
    @Test
    void agreesWithAPlainReadingOfTheAlgorithm() {
        for (int seed = 0; seed < 8; seed++) {
            int width = 200 + 37 * seed;
            int height = 500 - 41 * seed;
            byte[] raster = Pictures.draw(seed, width, height);
            PdqHash plain = PlainPdq.hash(raster, width, height);
            int distance = plain.distance(
                    hasher.of(raster, Grid.upright(width, height)).hash());
            assertTrue(distance <= 2, "seed " + seed + " differs in " + distance + " bits");
        }
    }

    @Test
    void halfOfTheBitsAreSet() {
        PdqHash hash = of(5, 300, 300).hash();
        assertEquals(128, hash.distance(new PdqHash(0, 0, 0, 0)));
    }

    @Test
    void resizedNoisyAndBrighterCopiesStayNear() {
        PdqHash original = of(11, 1_400, 1_000).hash();
        assertTrue(original.distance(of(11, 700, 500).hash()) <= 10);
        assertTrue(original.distance(of(11, 180, 120).hash()) <= NEAR);
        byte[] noisy = Pictures.draw(11, 700, 500);
        Random random = new Random(3);
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (byte) Math.clamp((noisy[i] & 0xff) + random.nextInt(31) - 5, 0, 255);
        }
        assertTrue(original.distance(hasher.of(noisy, Grid.upright(700, 500)).hash()) <= NEAR);
    }

    @Test
    void otherPicturesAreFarApart() {
        List<PdqHash> hashes = IntStream.range(0, 40)
                .mapToObj(seed -> of(seed, 256, 256).hash())
                .toList();
        for (int i = 0; i < hashes.size(); i++) {
            for (int j = 0; j < i; j++) {
                int distance = hashes.get(i).distance(hashes.get(j));
                assertTrue(distance > NEAR, "seeds " + i + " and " + j + " are " + distance + " apart");
            }
        }
    }

    @Test
    void variantsAreTheHashesOfTurnedAndMirroredPictures() {
        int width = 640;
        int height = 480;
        byte[] raster = Pictures.draw(21, width, height);
        List<PdqHash> variants = hasher.of(raster, Grid.upright(width, height)).variants();
        for (int orientation = 1; orientation <= 8; orientation++) {
            byte[] turned = Pictures.turned(raster, width, height, orientation);
            boolean swapped = orientation >= 5;
            PdqHash hash = hasher.of(turned, Grid.upright(swapped ? height : width, swapped ? width : height))
                    .hash();
            int nearest = variants.stream().mapToInt(hash::distance).min().orElseThrow();
            assertTrue(nearest <= 20, "orientation " + orientation + " is " + nearest + " from its variant");
            assertEquals(
                    1,
                    variants.stream()
                            .filter(variant -> hash.distance(variant) <= NEAR)
                            .count());
        }
    }

    @Test
    void pictureTurnedUprightHasTheHashOfTheStoredOne() {
        int width = 900;
        int height = 410;
        byte[] raster = Pictures.draw(8, width, height);
        Fingerprint stored = hasher.of(raster, Grid.upright(width, height));
        for (int orientation = 1; orientation <= 8; orientation++) {
            byte[] turned = Pictures.turned(raster, width, height, orientation);
            boolean swapped = orientation >= 5;
            Grid grid = Grid.stored(swapped ? height : width, swapped ? width : height, orientation);
            assertEquals(stored, hasher.of(turned, grid), "orientation " + orientation);
        }
    }

    @Test
    void flatPictureHasNoQuality() {
        assertEquals(
                0, hasher.of(new byte[3 * 100 * 100], Grid.upright(100, 100)).quality());
        assertEquals(0, hasher.of(new byte[3 * 4 * 900], Grid.upright(4, 900)).quality());
    }

    @Test
    void hexadecimalLeadsWithTheLastBit() {
        PdqHash hash = new PdqHash(1, 0, 0, 1L << 63);
        assertEquals("8" + "0".repeat(62) + "1", hash.hex());
        assertEquals(hash, PdqHash.parse(hash.hex()));
        assertEquals(hash, PdqHash.of(hash.toByteArray()));
    }
}
