package org.picket.agent.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.StoredPart;

/// A bundle whose every part has been checked: a model with its named scores. Immutable and safe to share; it
/// holds the whole model in memory, outside of the heap. The format is told in `picket/v1/bundle.proto`.
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

    private final BundleManifest manifest;
    private final byte[] manifestBytes;
    private final byte[] digest;
    private final ByteBuffer model;
    private final byte[] golden;
    private final String card;

    private Bundle(BundleManifest manifest, ByteBuffer model, Map<String, byte[]> parts) {
        this.manifest = manifest;
        this.manifestBytes = parts.get(MANIFEST);
        this.digest = ManifestRules.sha256(manifestBytes);
        this.model = model;
        this.golden = parts.get(GOLDEN);
        this.card = new String(parts.get(CARD), StandardCharsets.UTF_8);
    }

    /// Opens a bundle file and checks all of it.
    public static BundleOpening open(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (NoSuchFileException absent) {
            return new BundleOpening.Refused(new BundleFault.Unreadable(file.toString(), "it is not there"));
        } catch (IOException cause) {
            return new BundleOpening.Refused(new BundleFault.Unreadable(file.toString(), cause.toString()));
        }
    }

    /// Reads a bundle from a stream, say a resource; `name` is what messages call it. Does not close the
    /// stream. Nothing is unpacked beyond what the manifest announces, and no part beyond its limit.
    public static BundleOpening read(String name, InputStream in) {
        try {
            return read(name, new ZipInputStream(in));
        } catch (InvalidProtocolBufferException cause) {
            return refused(new BundleFault.BadManifest(name, "it is not a manifest"));
        } catch (EOFException | ZipException cause) {
            return refused(new BundleFault.NotABundle(name, "it is damaged"));
        } catch (IOException cause) {
            return refused(new BundleFault.Unreadable(name, cause.toString()));
        }
    }

    private static BundleOpening read(String name, ZipInputStream zip) throws IOException {
        Optional<BundleFault> misplaced = misplaced(name, zip, MANIFEST);
        if (misplaced.isPresent()) {
            return refused(misplaced.get());
        }
        byte[] stored = zip.readNBytes((int) MAX_TEXT_BYTES + 1);
        if (stored.length > MAX_TEXT_BYTES) {
            return refused(new BundleFault.TooLarge(name, MANIFEST, MAX_TEXT_BYTES));
        }
        BundleManifest manifest = BundleManifest.parseFrom(stored);
        Optional<String> wrong = ManifestRules.wrong(manifest);
        if (wrong.isPresent()) {
            return refused(new BundleFault.BadManifest(name, wrong.get()));
        }
        Map<String, byte[]> parts = new HashMap<>();
        parts.put(MANIFEST, stored);
        Optional<BundleFault> notNext = notNext(name, zip, MODEL, manifest.getModel());
        if (notNext.isPresent()) {
            return refused(notNext.get());
        }
        Optional<ByteBuffer> model = StoredModel.read(zip, manifest.getModel());
        if (model.isEmpty()) {
            return refused(new BundleFault.Altered(name, MODEL));
        }
        Optional<String> unsafe = ModelRules.wrong(model.get());
        if (unsafe.isPresent()) {
            return refused(new BundleFault.Unsafe(name, unsafe.get()));
        }
        Map<String, StoredPart> announced = Map.of(GOLDEN, manifest.getGolden(), CARD, manifest.getCard());
        for (String part : List.of(GOLDEN, CARD)) {
            Optional<BundleFault> fault = take(name, zip, part, announced.get(part), parts);
            if (fault.isPresent()) {
                return refused(fault.get());
            }
        }
        if (Optional.ofNullable(zip.getNextEntry()).isPresent()) {
            return refused(new BundleFault.NotABundle(name, "it has more than the four parts of a bundle"));
        }
        return new BundleOpening.Opened(new Bundle(manifest, model.get(), parts));
    }

    /// Reads one announced part, or says what is wrong with it.
    private static Optional<BundleFault> take(
            String name, ZipInputStream zip, String part, StoredPart announced, Map<String, byte[]> parts)
            throws IOException {
        Optional<BundleFault> notNext = notNext(name, zip, part, announced);
        if (notNext.isPresent()) {
            return notNext;
        }
        byte[] bytes = zip.readNBytes((int) announced.getBytes() + 1);
        parts.put(part, bytes);
        return ManifestRules.matches(announced, bytes)
                ? Optional.empty()
                : Optional.of(new BundleFault.Altered(name, part));
    }

    /// Goes to a part, or says why it must not be read.
    private static Optional<BundleFault> notNext(String name, ZipInputStream zip, String part, StoredPart announced)
            throws IOException {
        Optional<BundleFault> misplaced = misplaced(name, zip, part);
        boolean large = announced.getBytes() < 0 || announced.getBytes() > limit(part);
        return misplaced.isEmpty() && large
                ? Optional.of(new BundleFault.TooLarge(name, part, limit(part)))
                : misplaced;
    }

    private static Optional<BundleFault> misplaced(String name, ZipInputStream zip, String part) throws IOException {
        Optional<String> found = Optional.ofNullable(zip.getNextEntry()).map(ZipEntry::getName);
        return found.equals(Optional.of(part))
                ? Optional.empty()
                : Optional.of(new BundleFault.NotABundle(
                        name,
                        found.map(entry -> "it has " + printable(entry)).orElse("it ends") + " where " + part
                                + " belongs"));
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

    /// The manifest as stored, over which the digest is. A fresh copy.
    public byte[] manifestBytes() {
        return manifestBytes.clone();
    }

    /// SHA-256 of the manifest as stored: what verdicts name. A fresh copy, 32 bytes.
    public byte[] digest() {
        return digest.clone();
    }

    /// What its scores come of.
    public Scoring scoring() {
        return Scoring.of(Digest.wrap(digest), manifest);
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

    /// The ONNX graph, in a direct buffer; read-only, and not a copy, since models are large.
    public ByteBuffer model() {
        return model.asReadOnlyBuffer();
    }
}
