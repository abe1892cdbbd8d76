package org.picket.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.picket.model.scene.Concept;
import org.picket.model.training.HeldOut;
import org.picket.proto.v1.BundleManifest;

class StandInTest {
    private final Map<String, byte[]> parts = parts();
    private final BundleManifest manifest = manifest();

    @Test
    void partsAreThoseThatTheManifestNames() {
        assertArrayEquals(manifest.getModel().getSha256().toByteArray(), BundleWriter.sha256(parts.get("model.onnx")));
        assertArrayEquals(manifest.getGolden().getSha256().toByteArray(), BundleWriter.sha256(parts.get("golden.bin")));
        assertArrayEquals(manifest.getCard().getSha256().toByteArray(), BundleWriter.sha256(parts.get("CARD.md")));
        assertEquals(Concept.names(), manifest.getConceptsList());
        assertTrue(StandIn.file().length < 500_000);
    }

    @Test
    void goldenScoresAreThoseOfTheGraphAndFarFromTheThresholds() throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        byte[] golden = parts.get("golden.bin");
        ByteBuffer pixels = ByteBuffer.allocateDirect(golden.length).put(golden).flip();
        int side = manifest.getViewSize();
        long[] shape = {manifest.getGoldenViews(), side, side, 3};
        try (OrtSession session = environment.createSession(parts.get("model.onnx"));
                OnnxTensor input = OnnxTensor.createTensor(environment, pixels, shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("views", input))) {
            float[][] scores = (float[][]) result.get(0).getValue();
            for (int at = 0; at < manifest.getGoldenScoresCount(); at++) {
                float score = scores[at / manifest.getConceptsCount()][at % manifest.getConceptsCount()];
                assertEquals(manifest.getGoldenScores(at), score, 1e-4f);
                assertTrue(score < 0.1 || score > 0.9, "golden score " + at + " is " + score);
            }
        }
    }

    @Test
    void heldOutScenesAreRuledAsTheirLabelsSay() {
        HeldOut.Measured measured = HeldOut.measure(parts.get("model.onnx"), HeldOut.FIRST_SEED + 50_000_000, 200);
        assertEquals(0, measured.wrongRulings());
        int wrong = measured.wrong().stream().mapToInt(Integer::intValue).sum();
        assertTrue(wrong * 100 < measured.views(), measured::toString);
    }

    @Test
    void cardAndNoticeSayThatItIsNoDetector() {
        String card = new String(parts.get("CARD.md"), StandardCharsets.UTF_8);
        assertTrue(card.contains("THIS IS NOT A DETECTOR"));
        assertTrue(manifest.getNotice().contains("THIS IS NOT A DETECTOR"));
    }

    private BundleManifest manifest() {
        try {
            return BundleManifest.parseFrom(parts.get("manifest.pb"));
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    private static Map<String, byte[]> parts() {
        Map<String, byte[]> parts = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(StandIn.file()))) {
            for (String name : List.of("manifest.pb", "model.onnx", "golden.bin", "CARD.md")) {
                ZipEntry entry = zip.getNextEntry();
                assertEquals(name, entry.getName());
                parts.put(name, zip.readAllBytes());
            }
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
        return parts;
    }
}
