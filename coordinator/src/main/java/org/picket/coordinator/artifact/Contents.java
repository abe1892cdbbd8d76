package org.picket.coordinator.artifact;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyParsed;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundleNeeds;

/// Tells from a file what it is: a policy by its name `NAME.policy`, a bundle by its manifest, a provider pack by its
/// note. Whether a bundle's other parts are what the manifest says is for those to check who run it, and so
/// is whether a policy goes with a site's bundles.
final class Contents {
    private static final String MANIFEST = "manifest.pb";
    private static final String PACK = "pack.properties";
    private static final String POLICY = ".policy";
    private static final int NOTE_BYTES = 1 << 20;
    private static final int NEEDS_BYTES = 1_024;
    private static final int STEP = 1 << 20;
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private Contents() {}

    /// What a file is.
    sealed interface Read {
        /// @param statement of it, without digest and size
        record Fit(ArtifactStatement.Builder statement) implements Read {}

        /// Nothing that is handed out.
        record Unfit(String why) implements Read {}
    }

    /// What the file is.
    ///
    /// @throws IOException where it cannot be read, or is no whole zip file: it may still be on its way
    static Read of(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(POLICY)) {
            return policy(file, name.substring(0, name.length() - POLICY.length()));
        }
        if (Files.size(file) > Limits.ARTIFACT_BYTES) {
            return new Read.Unfit("it is larger than " + Limits.ARTIFACT_BYTES + " bytes");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Optional<byte[]> manifest = note(zip, MANIFEST);
            Optional<ArtifactStatement.Builder> statement = manifest.isPresent()
                    ? bundle(manifest.get())
                    : note(zip, PACK).flatMap(Contents::pack);
            return statement
                    .<Read>map(Read.Fit::new)
                    .orElse(new Read.Unfit("it is neither a bundle nor a provider pack, nor a policy NAME" + POLICY));
        }
    }

    private static Read policy(Path file, String name) throws IOException {
        if (!named(name)) {
            return new Read.Unfit("a policy's name is 1 to 64 small letters, digits, '.', '_' and '-'");
        }
        if (Files.size(file) > Limits.POLICY_BYTES) {
            return new Read.Unfit("a policy has at most " + Limits.POLICY_BYTES
                    + " bytes; bring long lists in by `picket lists import`");
        }
        try {
            return switch (Policy.parse(Files.readString(file))) {
                case PolicyParsed.Faults(List<Fault> faults) ->
                    new Read.Unfit("it is no sound policy: "
                            + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
                case PolicyParsed.Valid _ ->
                    new Read.Fit(ArtifactStatement.newBuilder()
                            .setKind(ArtifactKind.ARTIFACT_POLICY)
                            .setName(name));
            };
        } catch (CharacterCodingException e) {
            return new Read.Unfit("a policy is text in UTF-8, which it is not");
        }
    }

    private static Optional<byte[]> note(ZipFile zip, String name) throws IOException {
        Optional<ZipEntry> entry = Optional.ofNullable(zip.getEntry(name));
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry.get())) {
            byte[] note = in.readNBytes(NOTE_BYTES + 1);
            return note.length > NOTE_BYTES ? Optional.empty() : Optional.of(note);
        }
    }

    private static Optional<ArtifactStatement.Builder> bundle(byte[] note) throws IOException {
        BundleManifest manifest = BundleManifest.parseFrom(note);
        return named(manifest.getName(), manifest.getVersion())
                ? Optional.of(ArtifactStatement.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_BUNDLE)
                        .setName(manifest.getName() + " " + manifest.getVersion())
                        .setBundleDigest(Digest.of(note).bytes())
                        .setNeeds(needs(manifest)))
                : Optional.empty();
    }

    /// What is longer than any list of providers is left to the manifest.
    private static BundleNeeds needs(BundleManifest manifest) {
        return manifest.getNeeds().getSerializedSize() <= NEEDS_BYTES
                ? manifest.getNeeds()
                : BundleNeeds.getDefaultInstance();
    }

    private static Optional<ArtifactStatement.Builder> pack(byte[] note) {
        Properties lines = new Properties();
        try {
            lines.load(new java.io.StringReader(new String(note, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        String platform = lines.getProperty("platform", "");
        String provider = lines.getProperty("provider", "");
        String version = lines.getProperty("onnxruntime", "");
        return named(platform, provider, version)
                ? Optional.of(ArtifactStatement.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_PROVIDER_PACK)
                        .setName(platform + " " + provider + " " + version)
                        .setPlatform(platform)
                        .setProvider(provider)
                        .setRuntime(version))
                : Optional.empty();
    }

    private static boolean named(String... words) {
        for (String word : words) {
            if (!WORD.matcher(word).matches()) {
                return false;
            }
        }
        return true;
    }

    /// SHA-256 of all bytes.
    static ByteString digest(Path file) throws IOException {
        MessageDigest digest = Digest.sha256();
        byte[] step = new byte[STEP];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                digest.update(step, 0, read);
            }
        }
        return Digest.finish(digest).bytes();
    }
}
