package org.picket.crawler.removal;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.proto.id.OrderId;

/// Takes one content away from its live key, and nothing else, as well as the server allows:
///
/// - with versions: exactly the scanned version, and older ones of the same content. Where another content
///   would come to light below them, a delete marker is left on top.
/// - without versions, on a server that honours conditional deletes: one of those.
/// - else: hashed once more, then deleted at once. A replacement between the two would be lost; outcomes say
///   so.
///
/// Safe for several threads.
final class S3Eraser {

    /// Versions of one key that are looked at beside the one that was scanned.
    private static final int MAX_VERSIONS = 100;

    private final S3Vault vault;
    private final ReentrantLock probing = new ReentrantLock();
    private Optional<Boolean> conditional = Optional.empty();

    S3Eraser(S3Vault vault) {
        this.vault = vault;
    }

    /// How certain deletes on this server are.
    ///
    /// @param scratch names the scratch object of the first call, which tries the server
    Outcome.Assurance assurance(OrderId scratch) {
        if (vault.versioned()) {
            return Outcome.Assurance.EXACT;
        }
        probing.lock();
        try {
            if (conditional.isEmpty()) {
                conditional = Optional.of(vault.honoursConditionalDelete("probe-" + scratch));
            }
            return conditional.get() ? Outcome.Assurance.EXACT : Outcome.Assurance.RECHECKED;
        } finally {
            probing.unlock();
        }
    }

    /// Takes the ordered content away. An empty answer means that it is no longer at its key; otherwise why
    /// nothing was done.
    Optional<RefusalReason> erase(RemovalOrder order) {
        if (vault.versioned()) {
            eraseVersions(order);
            return Optional.empty();
        }
        Optional<S3Vault.Stored> stored = vault.findOrdered(order);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        if (!stored.get().version().equals(order.version())) {
            return Optional.of(RefusalReason.CHANGED);
        }
        return switch (assurance(order.orderId())) {
            case EXACT ->
                switch (vault.deleteIfMatch(order.key(), order.version())) {
                    case DONE -> Optional.empty();
                    case CONDITION_FAILED -> Optional.of(RefusalReason.CHANGED);
                };
            case RECHECKED -> {
                if (!vault.holdsContent(order.key(), stored.get(), order)) {
                    yield Optional.of(RefusalReason.CHANGED);
                }
                vault.delete(order.key(), Optional.empty());
                yield Optional.empty();
            }
        };
    }

    private void eraseVersions(RemovalOrder order) {
        List<S3Vault.Version> versions =
                vault.versions(order.key()).stream().limit(MAX_VERSIONS).toList();
        List<S3Vault.Version> same = versions.stream()
                .filter(version -> version.stored().isPresent()
                        && vault.holdsContent(order.key(), version.stored().get(), order))
                .filter(version -> version.versionId().equals(order.version()) || !version.latest())
                // The ordered one last: as long as it is there, nobody takes an order that was cut short for done.
                .sorted(Comparator.comparing(version -> version.versionId().equals(order.version())))
                .toList();
        boolean latest = same.stream().anyMatch(S3Vault.Version::latest);
        boolean uncovers =
                versions.stream().anyMatch(version -> version.stored().isPresent() && !same.contains(version));
        if (latest && uncovers) {
            cover(order, same);
        }
        for (S3Vault.Version version : same) {
            vault.delete(order.key(), Optional.of(version.versionId()));
        }
    }

    /// Puts a delete marker on top. If a new upload slipped in below it, the marker is taken away again.
    private void cover(RemovalOrder order, List<S3Vault.Version> same) {
        List<String> before = vault.versions(order.key()).stream()
                .map(S3Vault.Version::versionId)
                .toList();
        Optional<String> marker = vault.delete(order.key(), Optional.empty());
        boolean uploaded = vault.versions(order.key()).stream()
                .filter(version -> version.stored().isPresent())
                .anyMatch(version -> !before.contains(version.versionId()));
        boolean replaced = vault.versions(order.key()).stream()
                .noneMatch(
                        version -> same.stream().anyMatch(one -> one.versionId().equals(version.versionId())));
        if (marker.isPresent() && (uploaded || replaced)) {
            vault.delete(order.key(), marker);
        }
    }

    /// Whether the ordered content is still at its live key.
    boolean stillThere(RemovalOrder order) {
        return vault.findOrdered(order)
                .filter(stored -> stored.version().equals(order.version()))
                .isPresent();
    }
}
