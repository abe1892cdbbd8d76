package org.picket.coordinator.artifact;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of a folder that are handed out. It looks again after [#FRESH], when somebody asks, on a thread of
/// its own: reading a gigabyte takes seconds. What is put there or taken away thus counts without a restart.
///
/// Safe for any number of threads.
final class Shelf {
    static final Duration FRESH = Duration.ofSeconds(2);

    /// Files of the folder that are looked at.
    private static final int MOST = 2 * Limits.WANTED_ARTIFACTS;

    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);

    private final Optional<Path> folder;
    private final SigningKey key;
    private final TimeSource time;
    private final AtomicBoolean looking = new AtomicBoolean();
    /// By what was wrong when it was last looked at, so that each is told once.
    private final Map<Path, String> faults = new ConcurrentHashMap<>();

    private volatile List<Artifact> artifacts = List.of();
    private volatile Instant next = Instant.MIN;
    private volatile boolean looked;

    Shelf(Optional<Path> folder, SigningKey key, TimeSource time) {
        this.folder = folder;
        this.key = key;
        this.time = time;
        refresh();
    }

    /// The bundle of that digest.
    Optional<Artifact> bundle(ByteString digest) {
        return at(statement -> statement.getKind() == ArtifactKind.ARTIFACT_BUNDLE
                        && statement.getBundleDigest().equals(digest))
                .findFirst();
    }

    /// Packs for a platform.
    List<Artifact> packs(String platform) {
        return at(statement -> statement.getKind() == ArtifactKind.ARTIFACT_PROVIDER_PACK
                        && statement.getPlatform().equals(platform))
                .limit(Limits.WANTED_ARTIFACTS)
                .toList();
    }

    /// Whether it is known what there is.
    boolean looked() {
        return folder.isEmpty() || looked;
    }

    /// The policy of that name.
    Optional<Artifact> policy(String name) {
        return at(statement -> statement.getKind() == ArtifactKind.ARTIFACT_POLICY
                        && statement.getName().equals(name))
                .findFirst();
    }

    /// The bundle or pack that has those bytes.
    Optional<Artifact> content(ByteString sha256) {
        return at(statement -> statement.getKind() != ArtifactKind.ARTIFACT_POLICY
                        && statement.getSha256().equals(sha256))
                .findFirst();
    }

    private Stream<Artifact> at(java.util.function.Predicate<ArtifactStatement> which) {
        refresh();
        return artifacts.stream().filter(artifact -> which.test(artifact.statement()));
    }

    private void refresh() {
        if (folder.isEmpty() || time.now().isBefore(next) || !looking.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("artifacts").start(() -> {
            try {
                artifacts = look(folder.get());
            } catch (IOException | RuntimeException e) {
                fault(folder.get(), "it cannot be read (" + e.getMessage() + ")");
            } finally {
                next = time.now().plus(FRESH);
                looked = true;
                looking.set(false);
            }
        });
    }

    private List<Artifact> look(Path in) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(in)) {
            files = all.filter(Files::isRegularFile).sorted().limit(MOST + 1L).toList();
        }
        if (files.size() > MOST) {
            fault(in, "it has more than " + MOST + " files; the others are left out");
        }
        faults.keySet().removeIf(file -> !file.equals(in) && !files.contains(file));
        List<Artifact> found = new ArrayList<>();
        int policies = 0;
        for (Path file : files.subList(0, Math.min(MOST, files.size()))) {
            try {
                Optional<Artifact> one = artifact(file);
                boolean policy = one.filter(Shelf::policy).isPresent();
                policies += policy ? 1 : 0;
                if (policy && policies > Limits.SHELVED_POLICIES) {
                    fault(file, "there are " + Limits.SHELVED_POLICIES + " other policies, which are the most");
                } else {
                    one.ifPresent(found::add);
                }
            } catch (IOException | RuntimeException e) {
                fault(file, "it is not whole, or cannot be read (" + e.getMessage() + ")");
            }
        }
        return List.copyOf(found);
    }

    private Optional<Artifact> artifact(Path file) throws IOException {
        Artifact.Stamp stamp = stamp(file);
        Optional<Artifact> known =
                artifacts.stream().filter(one -> one.stamp().equals(stamp)).findFirst();
        if (known.isPresent()) {
            return known;
        }
        ArtifactStatement.Builder contents;
        switch (Contents.of(file)) {
            case Contents.Read.Unfit(String why) -> {
                fault(file, why);
                return Optional.empty();
            }
            case Contents.Read.Fit(ArtifactStatement.Builder fit) -> contents = fit;
        }
        ArtifactStatement statement = contents.setSha256(Contents.digest(file))
                .setBytes(stamp.bytes())
                .build();
        if (!stamp(file).equals(stamp)) {
            throw new IOException("it is being written");
        }
        faults.remove(file);
        LOG.info(
                "hands out {}{}, {} bytes",
                statement.getKind() == ArtifactKind.ARTIFACT_POLICY ? "the policy " : "",
                statement.getName(),
                statement.getBytes());
        return Optional.of(new Artifact(stamp, statement, key.seal(SealKind.ARTIFACT, statement)));
    }

    private static boolean policy(Artifact artifact) {
        return artifact.statement().getKind() == ArtifactKind.ARTIFACT_POLICY;
    }

    /// The file as it is now.
    static Artifact.Stamp stamp(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Artifact.Stamp(file, now.size(), now.lastModifiedTime());
    }

    private void fault(Path what, String why) {
        if (!why.equals(faults.put(what, why))) {
            LOG.warn("{} is not handed out: {}", what, why);
        }
    }
}
