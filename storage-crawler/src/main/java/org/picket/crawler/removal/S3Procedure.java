package org.picket.crawler.removal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.source.PrivatePrefix;
import org.picket.runtime.time.TimeSource;

/// The steps of orders on a bucket. What is quarantined is copied inside the server to the private prefix, the
/// copy is hashed, and only then the original is taken away.
final class S3Procedure implements Procedure {

    /// The most that S3 servers copy in one request.
    private static final long MAX_COPY_BYTES = 5L << 30;

    private static final String SIDECAR_SUFFIX = ".sidecar";

    private final S3Vault vault;
    private final S3Eraser eraser;

    /// @param time this machine's clock as it is set: markers bear the server's
    S3Procedure(S3Vault vault, TimeSource time) {
        this.vault = vault;
        this.eraser = new S3Eraser(vault, time);
    }

    @Override
    public List<Step> steps(RemovalOrder order, OrderRecord record) {
        if (PrivatePrefix.holds(order.key())) {
            return List.of(Step.end(new Outcome.Refused(RefusalReason.OUTSIDE_STORAGE)));
        }
        return switch (order.action()) {
            case QUARANTINE -> quarantine(order, record);
            case RELEASE -> release(order, record);
            case PURGE -> order.quarantinedBy().isPresent() ? purgeKept(order, record) : purgeLive(order, record);
        };
    }

    @Override
    public boolean withdraw(RemovalOrder order, OrderRecord record) throws IOException {
        boolean kept = vault.find(kept(order), Optional.empty()).isPresent();
        return switch (order.action()) {
            case QUARANTINE -> {
                boolean untouched = eraser.restored(order, record) || !kept;
                if (untouched) {
                    discard(order);
                }
                yield untouched;
            }
            case PURGE -> order.quarantinedBy().isPresent() ? kept : !record.taken() && eraser.restored(order, record);
            case RELEASE -> kept && !holdsLive(order);
        };
    }

    private List<Step> quarantine(RemovalOrder order, OrderRecord record) {
        return List.of(
                Step.of("look", () -> eraser.lookAgain(order, record)),
                new Step("check", () -> checkQuarantine(order, record)),
                Step.of("intend", () -> record.intend(order)),
                Step.of("sidecar", () -> writeSidecar(order)),
                new Step("copy", () -> copyIn(order)),
                new Step("confirm", () -> confirmKept(order)),
                new Step("erase", () -> eraseLive(order, record)),
                new Step("verify", () -> verify(order)),
                new Step(
                        "end",
                        () -> Optional.of(new Outcome.Quarantined(kept(order), eraser.assurance(order, record)))));
    }

    private Optional<Outcome> checkQuarantine(RemovalOrder order, OrderRecord record) {
        // Once it is kept and no longer live, nothing that is at the key now is of concern.
        return holdsKept(order) ? Optional.empty() : checkLive(order, record);
    }

    private Optional<Outcome> checkLive(RemovalOrder order, OrderRecord record) {
        Optional<S3Vault.Stored> stored = vault.findOrdered(order);
        if (stored.isEmpty()) {
            // What is kept under this order's name may then be the only copy of something.
            return vault.find(kept(order), Optional.empty()).isEmpty()
                    ? dropped(order, new Outcome.Gone())
                    : Optional.of(new Outcome.Failed(
                            "The object is gone, and " + kept(order) + " is not what was ruled on. Look at it by hand.",
                            false));
        }
        if (!stored.get().version().equals(order.version()) || stored.get().sizeBytes() != order.sizeBytes()) {
            return dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
        }
        if (order.action() == RemovalAction.QUARANTINE && order.sizeBytes() > MAX_COPY_BYTES) {
            return dropped(order, new Outcome.Refused(RefusalReason.TOO_LARGE));
        }
        return vault.holdsContent(order.key(), stored.get(), order)
                ? Optional.empty()
                : dropped(order, new Outcome.Refused(RefusalReason.HASH_MISMATCH));
    }

    private void writeSidecar(RemovalOrder order) {
        Optional<S3Vault.Stored> stored = vault.findOrdered(order);
        if (!holdsKept(order) && stored.isPresent()) {
            vault.write(
                    sidecar(order),
                    new Sidecar(
                                    order.placeName(),
                                    order.findingId().toString(),
                                    order.key(),
                                    order.sha256(),
                                    order.sizeBytes(),
                                    vault.isReadByAll(order.key(), stored.get()) ? Sidecar.READ_BY_ALL : "",
                                    java.time.Instant.EPOCH)
                            .encode());
        }
    }

    private Optional<Outcome> copyIn(RemovalOrder order) {
        if (holdsKept(order)) {
            return Optional.empty();
        }
        Optional<S3Vault.Stored> stored = vault.findOrdered(order);
        if (stored.isEmpty()) {
            return dropped(order, new Outcome.Gone());
        }
        if (!stored.get().version().equals(order.version())) {
            return dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
        }
        return switch (vault.copyIn(order.key(), stored.get(), kept(order))) {
            case DONE -> Optional.empty();
            case CONDITION_FAILED -> dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
        };
    }

    private Optional<Outcome> confirmKept(RemovalOrder order) {
        return holdsKept(order) ? Optional.empty() : dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
    }

    private Optional<Outcome> eraseLive(RemovalOrder order, OrderRecord record) throws IOException {
        Optional<RefusalReason> refusal = eraser.erase(order, record);
        if (refusal.isEmpty() || !eraser.stillThere(order)) {
            // Replaced, or taken by an earlier attempt: the ordered content is not at its key.
            return Optional.empty();
        }
        return dropped(order, new Outcome.Refused(refusal.get()));
    }

    private Optional<Outcome> verify(RemovalOrder order) {
        return eraser.stillThere(order)
                ? Optional.of(
                        new Outcome.Failed("The server said that it had deleted the object, and still has it.", true))
                : Optional.empty();
    }

    private List<Step> purgeLive(RemovalOrder order, OrderRecord record) {
        return List.of(
                Step.of("look", () -> eraser.lookAgain(order, record)),
                new Step("check", () -> checkPurge(order, record)),
                Step.of("intend", () -> record.intend(order)),
                new Step("erase", () -> {
                    Optional<RefusalReason> refusal = eraser.erase(order, record);
                    return refusal.map(Outcome.Refused::new);
                }),
                new Step("verify", () -> verify(order)),
                Step.of("take", record::take),
                new Step("end", () -> purged(order, record)));
    }

    private Optional<Outcome> checkPurge(RemovalOrder order, OrderRecord record) {
        if (record.taken() || (record.intended() && vault.findOrdered(order).isEmpty())) {
            return purged(order, record); // Gone, and an earlier attempt was about to delete it: that was us.
        }
        return checkLive(order, record);
    }

    private Optional<Outcome> purged(RemovalOrder order, OrderRecord record) {
        return Optional.of(new Outcome.Purged(eraser.assurance(order, record)));
    }

    private List<Step> purgeKept(RemovalOrder order, OrderRecord record) {
        return List.of(
                new Step("check", () -> {
                    Optional<S3Vault.Stored> stored = vault.find(kept(order), Optional.empty());
                    if (stored.isEmpty() && !record.intended()) {
                        return dropped(order, new Outcome.Gone());
                    }
                    return stored.isEmpty() || vault.holdsContent(kept(order), stored.get(), order)
                            ? Optional.empty()
                            : Optional.of(new Outcome.Refused(RefusalReason.HASH_MISMATCH));
                }),
                Step.of("intend", () -> record.intend(order)),
                Step.of("erase", () -> vault.erase(kept(order))),
                Step.of("forget", () -> vault.erase(sidecar(order))),
                Step.end(new Outcome.Purged(Outcome.Assurance.EXACT)));
    }

    private List<Step> release(RemovalOrder order, OrderRecord record) {
        return List.of(
                new Step("check", () -> checkRelease(order, record)),
                Step.of("intend", () -> record.intend(order)),
                new Step("copy", () -> copyOut(order)),
                new Step(
                        "confirm",
                        () -> holdsLive(order)
                                ? Optional.empty()
                                : Optional.of(new Outcome.Refused(RefusalReason.OCCUPIED))),
                Step.of("erase", () -> vault.erase(kept(order))),
                Step.of("forget", () -> vault.erase(sidecar(order))),
                Step.end(new Outcome.Released()));
    }

    private Optional<Outcome> checkRelease(RemovalOrder order, OrderRecord record) {
        Optional<S3Vault.Stored> stored = vault.find(kept(order), Optional.empty());
        boolean live = vault.find(order.key(), Optional.empty()).isPresent();
        if (stored.isEmpty()) {
            return record.intended() && live && holdsLive(order)
                    ? Optional.empty()
                    : dropped(order, new Outcome.Gone());
        }
        if (live && !(record.intended() && holdsLive(order))) {
            return Optional.of(new Outcome.Refused(RefusalReason.OCCUPIED));
        }
        return vault.holdsContent(kept(order), stored.get(), order)
                ? Optional.empty()
                : Optional.of(new Outcome.Refused(RefusalReason.HASH_MISMATCH));
    }

    private Optional<Outcome> copyOut(RemovalOrder order) {
        Optional<S3Vault.Stored> stored = vault.find(kept(order), Optional.empty());
        if (stored.isEmpty() || holdsLive(order)) {
            return Optional.empty();
        }
        return switch (vault.copyOut(kept(order), stored.get(), order.key(), wasReadByAll(order))) {
            case DONE -> Optional.empty();
            case CONDITION_FAILED -> Optional.of(new Outcome.Refused(RefusalReason.OCCUPIED));
        };
    }

    /// A copy is its owner's alone, whatever its original was.
    private boolean wasReadByAll(RemovalOrder order) {
        Optional<byte[]> kept = vault.small(sidecar(order));
        if (kept.isEmpty()) {
            return false;
        }
        try {
            Sidecar sidecar = Sidecar.decode(kept.get());
            return sidecar.describes(order) && sidecar.mode().equals(Sidecar.READ_BY_ALL);
        } catch (IOException damaged) {
            return false;
        }
    }

    private boolean holdsLive(RemovalOrder order) {
        return holds(order.key(), order);
    }

    private boolean holdsKept(RemovalOrder order) {
        return holds(kept(order), order);
    }

    private boolean holds(String key, RemovalOrder order) {
        Optional<S3Vault.Stored> stored = vault.find(key, Optional.empty());
        return stored.isPresent() && vault.holdsContent(key, stored.get(), order);
    }

    /// Ends an order, leaving neither a copy nor a sidecar of an earlier attempt behind.
    private Optional<Outcome> dropped(RemovalOrder order, Outcome outcome) {
        discard(order);
        return Optional.of(outcome);
    }

    private void discard(RemovalOrder order) {
        if (vault.find(kept(order), Optional.empty()).isPresent()) {
            vault.erase(kept(order));
        }
        if (vault.find(sidecar(order), Optional.empty()).isPresent()) {
            vault.erase(sidecar(order));
        }
    }

    private static String kept(RemovalOrder order) {
        return PrivatePrefix.key(order.placeName());
    }

    private static String sidecar(RemovalOrder order) {
        return kept(order) + SIDECAR_SUFFIX;
    }
}
