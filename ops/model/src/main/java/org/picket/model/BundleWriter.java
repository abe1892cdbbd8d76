package org.picket.model;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundleNeeds;
import org.picket.proto.v1.BundleSource;
import org.picket.proto.v1.StoredPart;

/// Writes bundle files: a zip of `manifest.pb`, `model.onnx`, `golden.bin` and `CARD.md`, in this order and
/// with one fixed time, so that one draft always gives the same bytes with the same JDK, and the same digest
/// everywhere.
public final class BundleWriter {
    /// The preprocessing that bundles are made for today.
    public static final int PREPROCESSING_VERSION = Limits.PREPROCESSING_VERSION;

    /// Larger graphs are stored as they are: weights hardly pack, and packing takes a minute a gigabyte.
    private static final long LARGEST_PACKED = 64L << 20;

    private static final int COPY_BYTES = 1 << 20;

    private static final LocalDateTime FIXED_TIME = LocalDateTime.of(2000, 1, 1, 0, 0, 0);

    private BundleWriter() {}

    /// The bundle file of a draft.
    public static byte[] write(BundleDraft draft) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            write(draft, file);
        } catch (IOException cause) {
            throw new UncheckedIOException("The bundle's graph cannot be read.", cause);
        }
        return file.toByteArray();
    }

    /// Writes the bundle file of a draft. The graph is read twice, and never held in memory.
    public static void write(BundleDraft draft, OutputStream out) throws IOException {
        byte[] golden = golden(draft);
        byte[] card = draft.text().card().getBytes(StandardCharsets.UTF_8);
        StoredPart model = part(draft.model().content());
        byte[] manifest = manifest(draft, model, golden, card).toByteArray();
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(9);
        store(zip, "manifest.pb", manifest);
        if (model.getBytes() > LARGEST_PACKED) {
            zip.setLevel(0);
        }
        begin(zip, "model.onnx");
        try (InputStream graph = draft.model().content().open()) {
            graph.transferTo(zip);
        }
        zip.closeEntry();
        zip.setLevel(9);
        store(zip, "golden.bin", golden);
        store(zip, "CARD.md", card);
        zip.finish();
    }

    private static BundleManifest manifest(BundleDraft draft, StoredPart model, byte[] golden, byte[] card) {
        BundleManifest.Builder manifest = BundleManifest.newBuilder()
                .setName(draft.name())
                .setVersion(draft.version())
                .setViewSize(draft.viewSize())
                .setPreprocessingVersion(PREPROCESSING_VERSION)
                .addAllConcepts(draft.concepts())
                .setOpset(draft.model().opset())
                .setPrecision(draft.model().precision())
                .setModel(model)
                .setGolden(part(golden))
                .setCard(part(card))
                .setGoldenViews(draft.golden().views().size())
                .setToleranceAbsolute(draft.model().tolerance())
                .setToleranceRelative(draft.model().tolerance())
                .setNotice(draft.text().notice());
        if (!draft.model().needs().equals(BundleNeeds.getDefaultInstance())) {
            manifest.setNeeds(draft.model().needs());
        }
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

    private static StoredPart part(StoredGraph.Content graph) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream in = graph.open()) {
            byte[] some = new byte[COPY_BYTES];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                digest.update(some, 0, read);
                bytes += read;
            }
        }
        return StoredPart.newBuilder()
                .setBytes(bytes)
                .setSha256(ByteString.copyFrom(digest.digest()))
                .build();
    }

    private static void begin(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(FIXED_TIME);
        zip.putNextEntry(entry);
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        begin(zip, name);
        zip.write(bytes);
        zip.closeEntry();
    }

    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }
}
