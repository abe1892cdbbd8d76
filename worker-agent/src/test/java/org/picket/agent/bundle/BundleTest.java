package org.picket.agent.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.InstantBundle;
import org.picket.proto.v1.BundleManifest;

class BundleTest {
    private static final byte[] INSTANT = InstantBundle.file(16, List.of("red", "blue"));

    @TempDir
    Path folder;

    @Test
    void instantBundleOpensWithItsManifest() throws IOException {
        Path file = Files.write(folder.resolve("instant.bundle"), INSTANT);
        Bundle bundle = Bundle.open(file).orThrow();
        assertEquals(List.of("red", "blue"), bundle.concepts());
        assertEquals(16, bundle.viewSize());
        assertEquals(16 * 16 * 3, bundle.viewBytes());
        assertEquals(3 * bundle.viewBytes(), bundle.golden().remaining());
        assertTrue(bundle.card().contains("not a detector"));
    }

    @Test
    void digestIsOfTheManifestAndNotOfThePacking() throws IOException {
        Map<String, byte[]> parts = parts(INSTANT);
        Bundle packed = read(INSTANT).orThrow();
        Bundle repacked = read(zip(parts, 0)).orThrow();
        assertArrayEquals(packed.digest(), repacked.digest());
        assertArrayEquals(ManifestRules.sha256(parts.get("manifest.pb")), packed.digest());
    }

    @Test
    void sameDraftGivesTheSameBytes() {
        assertArrayEquals(INSTANT, InstantBundle.file(16, List.of("red", "blue")));
    }

    @Test
    void anyAlteredPartIsRefused() throws IOException {
        for (String part : List.of("model.onnx", "golden.bin", "CARD.md")) {
            Map<String, byte[]> parts = parts(INSTANT);
            parts.get(part)[parts.get(part).length / 2] ^= 1;
            assertEquals(new BundleFault.Altered("test", part), fault(zip(parts, 9)));
        }
    }

    @Test
    void missingForeignAndAdditionalPartsAreRefused() throws IOException {
        Map<String, byte[]> parts = parts(INSTANT);
        parts.put("surplus.txt", new byte[1]);
        assertInstanceOf(BundleFault.NotABundle.class, fault(zip(parts, 9)));
        parts.remove("surplus.txt");
        parts.remove("CARD.md");
        assertEquals(
                "The file test is not a bundle: it ends where CARD.md belongs. Fetch or build it again.",
                fault(zip(parts, 9)).inWords());
        assertInstanceOf(BundleFault.NotABundle.class, fault("no zip at all".getBytes()));
        assertInstanceOf(BundleFault.NotABundle.class, fault(new byte[0]));
    }

    @Test
    void truncatedFilesAreRefusedAtEveryLength() {
        for (int length = 0; length < INSTANT.length - 400; length += 97) {
            byte[] cut = Arrays.copyOf(INSTANT, length);
            assertInstanceOf(BundleOpening.Refused.class, read(cut));
        }
    }

    @Test
    void oversizePartsAreRefusedWithoutReadingThemWhole() throws IOException {
        Map<String, byte[]> parts = parts(INSTANT);
        parts.put("manifest.pb", new byte[(1 << 20) + 1]);
        assertEquals(new BundleFault.TooLarge("test", "manifest.pb", 1 << 20), fault(zip(parts, 9)));
        BundleManifest good = read(INSTANT).orThrow().manifest();
        Map<String, byte[]> huge = parts(INSTANT);
        BundleManifest.Builder announcing = good.toBuilder();
        announcing.getModelBuilder().setBytes(Bundle.MAX_MODEL_BYTES + 1);
        huge.put("manifest.pb", announcing.build().toByteArray());
        assertEquals(new BundleFault.TooLarge("test", "model.onnx", Bundle.MAX_MODEL_BYTES), fault(zip(huge, 9)));
        Map<String, byte[]> longer = parts(INSTANT);
        longer.put("model.onnx", new byte[1 << 24]);
        assertEquals(new BundleFault.Altered("test", "model.onnx"), fault(zip(longer, 9)));
    }

    @Test
    void wrongManifestsAreRefusedWithTheFaultNamed() throws IOException {
        BundleManifest good = read(INSTANT).orThrow().manifest();
        List<BundleManifest> wrong = new ArrayList<>();
        wrong.add(good.toBuilder().setName("Not A Name").build());
        wrong.add(good.toBuilder().setViewSize(0).build());
        wrong.add(good.toBuilder().setPreprocessingVersion(9).build());
        wrong.add(good.toBuilder().clearConcepts().build());
        wrong.add(good.toBuilder().addConcepts("red").build());
        wrong.add(good.toBuilder().setPrecisionValue(77).build());
        wrong.add(good.toBuilder().clearNotice().build());
        wrong.add(good.toBuilder().setGoldenViews(2).build());
        wrong.add(good.toBuilder().setGoldenScores(0, Float.NaN).build());
        wrong.add(good.toBuilder().setToleranceAbsolute(Float.NaN).build());
        wrong.add(good.toBuilder().setToleranceAbsolute(1).build());
        for (BundleManifest manifest : wrong) {
            Map<String, byte[]> parts = parts(INSTANT);
            parts.put("manifest.pb", manifest.toByteArray());
            assertInstanceOf(BundleFault.BadManifest.class, fault(zip(parts, 9)), manifest::toString);
        }
        Map<String, byte[]> parts = parts(INSTANT);
        parts.put("manifest.pb", new byte[] {-1, -1, -1});
        assertInstanceOf(BundleFault.BadManifest.class, fault(zip(parts, 9)));
    }

    @Test
    void missingFileIsToldInWords() {
        BundleOpening opening = Bundle.open(folder.resolve("absent.bundle"));
        BundleFault fault =
                assertInstanceOf(BundleOpening.Refused.class, opening).fault();
        assertTrue(fault.inWords().contains("cannot be read"), fault.inWords());
    }

    private static BundleOpening read(byte[] file) {
        return Bundle.read("test", new ByteArrayInputStream(file));
    }

    private static BundleFault fault(byte[] file) {
        return assertInstanceOf(BundleOpening.Refused.class, read(file)).fault();
    }

    private static Map<String, byte[]> parts(byte[] file) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (int part = 0; part < 4; part++) {
                parts.put(zip.getNextEntry().getName(), zip.readAllBytes());
            }
        }
        return parts;
    }

    private static byte[] zip(Map<String, byte[]> parts, int level) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(level);
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
                zip.closeEntry();
            }
        }
        return file.toByteArray();
    }
}
