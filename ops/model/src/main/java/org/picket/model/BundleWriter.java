package org.picket.model;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.picket.model.graph.Graph;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundlePrecision;
import org.picket.proto.v1.BundleSource;
import org.picket.proto.v1.StoredPart;

/// Writes bundle files: a zip of `manifest.pb`, `model.onnx`, `golden.bin` and `CARD.md`, in this order and
/// with one fixed time, so that one draft always gives the same bytes with the same JDK, and the same digest
/// everywhere.
public final class BundleWriter {
    /// The preprocessing that bundles are made for today.
    public static final int PREPROCESSING_VERSION = Limits.PREPROCESSING_VERSION;

    /// Tolerance of fp32 on a CPU, absolute and relative to the reference score.
    private static final float TOLERANCE = 1e-4f;

    private static final LocalDateTime FIXED_TIME = LocalDateTime.of(2000, 1, 1, 0, 0, 0);

    private BundleWriter() {}

    /// The bundle file of a draft.
    public static byte[] write(BundleDraft draft) {
        byte[] golden = golden(draft);
        byte[] card = draft.text().card().getBytes(StandardCharsets.UTF_8);
        byte[] manifest = manifest(draft, golden, card).toByteArray();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(9);
            store(zip, "manifest.pb", manifest);
            store(zip, "model.onnx", draft.model());
            store(zip, "golden.bin", golden);
            store(zip, "CARD.md", card);
        } catch (IOException impossible) {
            throw new UncheckedIOException("A zip file in memory cannot fail.", impossible);
        }
        return file.toByteArray();
    }

    private static BundleManifest manifest(BundleDraft draft, byte[] golden, byte[] card) {
        BundleManifest.Builder manifest = BundleManifest.newBuilder()
                .setName(draft.name())
                .setVersion(draft.version())
                .setViewSize(draft.viewSize())
                .setPreprocessingVersion(PREPROCESSING_VERSION)
                .addAllConcepts(draft.concepts())
                .setOpset(Graph.OPSET)
                .setPrecision(BundlePrecision.BUNDLE_PRECISION_FP32)
                .setModel(part(draft.model()))
                .setGolden(part(golden))
                .setCard(part(card))
                .setGoldenViews(draft.golden().views().size())
                .setToleranceAbsolute(TOLERANCE)
                .setToleranceRelative(TOLERANCE)
                .setNotice(draft.text().notice());
        for (float score : draft.golden().scores()) {
            manifest.addGoldenScores(score);
        }
        new TreeMap<>(draft.text().sources())
                .forEach((name, digest) -> manifest.addSources(
                        BundleSource.newBuilder().setName(name).setSha256(ByteString.copyFrom(digest))));
        return manifest.build();
    }

    private static byte[] golden(BundleDraft draft) {
        int viewBytes = draft.viewSize() * draft.viewSize() * 3;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] view : draft.golden().views()) {
            if (view.length != viewBytes) {
                throw new IllegalArgumentException("A golden view has " + view.length + " bytes, not " + viewBytes);
            }
            all.writeBytes(view);
        }
        return all.toByteArray();
    }

    private static StoredPart part(byte[] bytes) {
        return StoredPart.newBuilder()
                .setBytes(bytes.length)
                .setSha256(ByteString.copyFrom(sha256(bytes)))
                .build();
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(FIXED_TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }
}
