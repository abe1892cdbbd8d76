package org.picket.model.clip;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.picket.proto.v1.BundleManifest;

/// A bundle file taken apart, and its graph run as the agent runs it.
public record BuiltBundle(BundleManifest manifest, byte[] model, byte[] golden, String card) {
    public static BuiltBundle read(Path file) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            Map<String, byte[]> parts = new java.util.HashMap<>();
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), zip.readAllBytes());
            }
            return new BuiltBundle(
                    BundleManifest.parseFrom(parts.get("manifest.pb")),
                    parts.get("model.onnx"),
                    parts.get("golden.bin"),
                    new String(parts.get("CARD.md"), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /// Scores of views, view by view.
    public float[][] scores(List<byte[]> views) throws OrtException {
        int side = manifest.getViewSize();
        ByteBuffer pixels =
                ByteBuffer.allocateDirect(views.size() * side * side * 3).order(ByteOrder.nativeOrder());
        views.forEach(pixels::put);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model);
                OnnxTensor input = OnnxTensor.createTensor(
                        environment, pixels.flip(), new long[] {views.size(), side, side, 3}, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("views", input))) {
            return (float[][]) result.get("scores").orElseThrow().getValue();
        }
    }
}
