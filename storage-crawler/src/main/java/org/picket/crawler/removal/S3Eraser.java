package org.picket.crawler.removal;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.picket.proto.id.OrderId;
import org.picket.runtime.time.TimeSource;

/// Takes one content away from its live key, and nothing else, as well as the server allows:
///
/// - with versions: exactly the scanned version, and older ones of the same content. Where another content
///   would come to light below them, a delete marker is left on top. As long as the scanned version is there,
///   an order that is not to be carried out any more only has that marker taken away. Where versions are kept no
///   more, marker and version share their name with the next upload, and deletions are only rechecked; where the
///   marker would destroy an upload that nobody ordered, none is left, and what is below comes to light: it is
///   listed and scanned as any other.
/// - without versions, on a server that honours conditional deletes: one of those.
/// - else: hashed once more, then deleted at once. A replacement between the two would be lost; outcomes say
///   so.
///
/// Safe for several threads.
final class S3Eraser {

    /// Versions of one key that are looked at beside the one that was scanned.
    private static final int MAX_VERSIONS = 100;

    private final S3Vault vault;
    private final S3Cover cover;
    private final ReentrantLock probing = new ReentrantLock();
    private Optional<Boolean> conditional = Optional.empty();

    S3Eraser(S3Vault vault, TimeSource time) {
        this.vault = vault;
        this.cover = new S3Cover(vault, time);
    }

    /// How certain the deletions of an order are. The first call may try the server, with a scratch object of the
    /// order's name.
    Outcome.Assurance assurance(RemovalOrder order, OrderRecord record) {
        if (vault.versioned()) {
            boolean replaces = order.version().equals(S3Vault.NO_VERSION)
                    || record.cover()
                            .flatMap(OrderRecord.Cover::marker)
                            .filter(S3Vault.NO_VERSION::equals)
                            .isPresent();
            return vault.versionsSuspended() && replaces ? Outcome.Assurance.RECHECKED : Outcome.Assurance.EXACT;
        }
        return assurance(order.orderId());
    }

    private Outcome.Assurance assurance(OrderId scratch) {
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
    Optional<RefusalReason> erase(RemovalOrder order, OrderRecord record) throws IOException {
        if (vault.versioned()) {
            eraseVersions(order, record);
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

    private void eraseVersions(RemovalOrder order, OrderRecord record) throws IOException {
        List<S3Vault.Version> listed = vault.versions(order.key());
        List<S3Vault.Version> same = listed.stream()
                .limit(MAX_VERSIONS)
                .filter(version -> version.stored().isPresent()
                        && vault.holdsContent(order.key(), version.stored().get(), order))
                .filter(version -> version.versionId().equals(order.version()) || !version.latest())
                // The ordered one last: as long as it is there, nobody takes an order that was cut short for done.
                .sorted(Comparator.comparing(version -> version.versionId().equals(order.version())))
                .toList();
        boolean latest = same.stream().anyMatch(S3Vault.Version::latest);
        boolean uncovers = listed.stream().anyMatch(version -> version.stored().isPresent() && !same.contains(version));
        List<S3Vault.Version> now = latest && uncovers ? cover.lay(order, record, same.getLast()) : listed;
        for (S3Vault.Version version : same) {
            // Where versions are suspended, the marker or an upload took the place, and the id, of a version.
            List<S3Vault.Version> present =
                    version.versionId().equals(S3Vault.NO_VERSION) ? vault.versions(order.key()) : now;
            if (present.stream().anyMatch(version::isSame)) {
                vault.delete(order.key(), Optional.of(version.versionId()));
            }
        }
    }

    /// Mends what an attempt that was cut short may have left: an upload of something else out of sight.
    void lookAgain(RemovalOrder order, OrderRecord record) throws IOException {
        cover.lookAgain(order, record);
    }

    /// Undoes what an order did that took nothing away yet: whatever else is at the key, its content is there,
    /// and nothing of the order's hides it.
    ///
    /// @return false: the ordered content is gone
    boolean restored(RemovalOrder order, OrderRecord record) throws IOException {
        boolean there = vault.versioned()
                ? vault.versions(order.key()).stream()
                        .filter(version -> version.versionId().equals(order.version()))
                        .flatMap(version -> version.stored().stream())
                        .anyMatch(stored -> vault.holdsContent(order.key(), stored, order))
                : stillThere(order);
        if (there) {
            cover.lift(order, record);
        }
        return there;
    }

    /// Whether the ordered content is still at its live key.
    boolean stillThere(RemovalOrder order) {
        return vault.findOrdered(order)
                .filter(stored -> stored.version().equals(order.version()))
                .isPresent();
    }
}
