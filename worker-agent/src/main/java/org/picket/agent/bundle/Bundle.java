package org.picket.agent.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.picket.proto.v1.BundleManifest;

/// A bundle whose every part has been checked: a model with its named scores. Immutable and safe to share; it holds the
/// whole model in memory. The format is told in `picket/v1/bundle.proto`.
public final class Bundle {
    /// No model may be larger: 1.75 GiB, what one Java array and one protobuf can hold with room to spare.
    public static final long MAX_MODEL_BYTES = 1_792L << 20;

    /// No set of golden views may be larger.
    public static final long MAX_GOLDEN_BYTES = 64L << 20;

    private static final long MAX_TEXT_BYTES = 1L << 20;

    private static final String MANIFEST = "manifest.pb";
    private static final String MODEL = "model.onnx";
    private static final String GOLDEN = "golden.bin";
    private static final String CARD = "CARD.md";
    private static final List<String> PARTS = List.of(MANIFEST, MODEL, GOLDEN, CARD);

    private final BundleManifest manifest;
    private final byte[] manifestBytes;
    private final byte[] digest;
    private final byte[] model;
    private final byte[] golden;
    private final String card;

    private Bundle(BundleManifest manifest, Map<String, byte[]> parts) {
        this.manifest = manifest;
        this.manifestBytes = parts.get(MANIFEST);
        this.digest = ManifestRules.sha256(manifestBytes);
        this.model = parts.get(MODEL);
        this.golden = parts.get(GOLDEN);
        this.card = new String(parts.get(CARD), StandardCharsets.UTF_8);
    }

    /// Opens a bundle file and checks all of it.
    public static BundleOpening open(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException cause) {
            return new BundleOpening.Refused(new BundleFault.Unreadable(file.toString(), cause.toString()));
        }
    }

    /// Reads a bundle from a stream, say a resource; `name` is what messages call it. Does not close the stream.
    public static BundleOpening read(String name, InputStream in) {
        Map<String, byte[]> parts = new HashMap<>();
        try {
            ZipInputStream zip = new ZipInputStream(in);
            for (String part : PARTS) {
                Optional<ZipEntry> entry = Optional.ofNullable(zip.getNextEntry());
                if (!entry.map(ZipEntry::getName).equals(Optional.of(part))) {
                    return refused(new BundleFault.NotABundle(
                            name,
                            entry.map(found -> "it has " + printable(found.getName()))
                                            .orElse("it ends") + " where " + part + " belongs"));
                }
                byte[] bytes = zip.readNBytes(Math.toIntExact(limit(part) + 1));
                if (bytes.length > limit(part)) {
                    return refused(new BundleFault.TooLarge(name, part, limit(part)));
                }
                parts.put(part, bytes);
            }
            if (Optional.ofNullable(zip.getNextEntry()).isPresent()) {
                return refused(new BundleFault.NotABundle(name, "it has more than the four parts of a bundle"));
            }
        } catch (IOException cause) {
            return refused(new BundleFault.Unreadable(name, cause.toString()));
        }
        return checked(name, parts);
    }

    private static BundleOpening checked(String name, Map<String, byte[]> parts) {
        BundleManifest manifest;
        try {
            manifest = BundleManifest.parseFrom(parts.get(MANIFEST));
        } catch (InvalidProtocolBufferException cause) {
            return refused(new BundleFault.BadManifest(name, "it is not a manifest"));
        }
        Optional<String> wrong = ManifestRules.wrong(manifest);
        if (wrong.isPresent()) {
            return refused(new BundleFault.BadManifest(name, wrong.get()));
        }
        if (!ManifestRules.matches(manifest.getModel(), parts.get(MODEL))) {
            return refused(new BundleFault.Altered(name, MODEL));
        }
        if (!ManifestRules.matches(manifest.getGolden(), parts.get(GOLDEN))) {
            return refused(new BundleFault.Altered(name, GOLDEN));
        }
        if (!ManifestRules.matches(manifest.getCard(), parts.get(CARD))) {
            return refused(new BundleFault.Altered(name, CARD));
        }
        return new BundleOpening.Opened(new Bundle(manifest, parts));
    }

    private static BundleOpening refused(BundleFault fault) {
        return new BundleOpening.Refused(fault);
    }

    private static long limit(String part) {
        return switch (part) {
            case MODEL -> MAX_MODEL_BYTES;
            case GOLDEN -> MAX_GOLDEN_BYTES;
            default -> MAX_TEXT_BYTES;
        };
    }

    private static String printable(String entry) {
        return entry.length() > 40 ? "another part" : entry.replaceAll("[^A-Za-z0-9._-]", "?");
    }

    /// The manifest as stored, checked.
    public BundleManifest manifest() {
        return manifest;
    }

    /// The manifest as stored, over which the digest is: not to be changed.
    public byte[] manifestBytes() {
        return manifestBytes.clone();
    }

    /// SHA-256 of the manifest as stored: what verdicts name. A fresh copy, 32 bytes.
    public byte[] digest() {
        return digest.clone();
    }

    /// Side of a view in pixels.
    public int viewSize() {
        return manifest.getViewSize();
    }

    /// Bytes of a view.
    public int viewBytes() {
        return viewSize() * viewSize() * 3;
    }

    /// Names of the scores in order.
    public List<String> concepts() {
        return List.copyOf(manifest.getConceptsList());
    }

    /// How many golden views there are; never 0.
    public int goldenViews() {
        return manifest.getGoldenViews();
    }

    /// The pixels of all golden views, one after the other; read-only.
    public ByteBuffer golden() {
        return ByteBuffer.wrap(golden).asReadOnlyBuffer();
    }

    /// The card: what this is, what was measured, and what it is not. Markdown.
    public String card() {
        return card;
    }

    /// The ONNX graph. The bundle's own array, not a copy, since models are large: not to be written to.
    public byte[] model() {
        return model;
    }
}
