package org.picket.crawler.removal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.FolderPlace;
import org.picket.crawler.source.PrivatePrefix;

/// The steps of orders on a folder.
///
/// Everything that leaves its live place goes through the private directory, also what is purged: a rename
/// takes the file out of reach in one moment, then its bytes are hashed once more, and what turns out to be
/// another file is put back. So neither QUARANTINE nor PURGE can hit a file that was put at the key between the
/// check and the act.
final class FolderProcedure implements Procedure {

    /// Says whether this site's listing holds a version of a key.
    @FunctionalInterface
    interface Listed {
        boolean holds(String key, String version);
    }

    private final Custody custody;
    private final Listed listed;

    FolderProcedure(Custody custody, Listed listed) {
        this.custody = custody;
        this.listed = listed;
    }

    @Override
    public List<Step> steps(RemovalOrder order, OrderRecord record) {
        Optional<List<Path>> live = FolderPlace.names(order.key());
        if (live.isEmpty() || PrivatePrefix.holds(order.key())) {
            return List.of(Step.end(new Outcome.Refused(RefusalReason.OUTSIDE_STORAGE)));
        }
        return switch (order.action()) {
            case QUARANTINE -> {
                List<Step> steps = new ArrayList<>(take(order, record, live.get()));
                steps.add(Step.end(
                        new Outcome.Quarantined(PrivatePrefix.key(order.placeName()), Outcome.Assurance.EXACT)));
                yield steps;
            }
            case RELEASE -> release(order, record, live.get());
            case PURGE -> {
                List<Step> steps = new ArrayList<>(
                        order.quarantinedBy().isPresent() ? findKept(order, record) : take(order, record, live.get()));
                // From here on, that the object is not kept means that it was erased.
                steps.add(Step.of("take", record::take));
                steps.add(Step.of("erase", () -> custody.deleteKept(order.placeName())));
                steps.addAll(forget(order));
                steps.add(Step.end(new Outcome.Purged(Outcome.Assurance.EXACT)));
                yield steps;
            }
        };
    }

    @Override
    public boolean withdraw(RemovalOrder order, OrderRecord record) throws IOException {
        boolean kept = custody.find(kept(order)).isPresent();
        return switch (order.action()) {
            case QUARANTINE -> forgotten(order, !kept);
            case PURGE ->
                order.quarantinedBy().isPresent()
                        ? kept && !record.taken()
                        : forgotten(order, !kept && !record.taken());
            case RELEASE ->
                kept
                        && FolderPlace.names(order.key())
                                .filter(live -> !isLinked(order, live))
                                .isPresent();
        };
    }

    private boolean forgotten(RemovalOrder order, boolean untouched) throws IOException {
        if (untouched) {
            custody.deleteSidecar(order.placeName());
        }
        return untouched;
    }

    private boolean isLinked(RemovalOrder order, List<Path> live) {
        try {
            return custody.sameFile(kept(order), live);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Step> take(RemovalOrder order, OrderRecord record, List<Path> live) {
        return List.of(
                new Step("check", () -> checkLive(order, record, live)),
                Step.of("intend", () -> record.intend(order)),
                Step.of("sidecar", () -> writeSidecar(order, live)),
                new Step("move", () -> move(order, live)),
                new Step("confirm", () -> confirm(order, live)),
                Step.of("restrict", () -> custody.restrict(order.placeName())),
                Step.of("sync", () -> {
                    custody.syncPrivate();
                    custody.syncBeside(live);
                }));
    }

    private Optional<Outcome> checkLive(RemovalOrder order, OrderRecord record, List<Path> live) throws IOException {
        if (custody.find(kept(order)).isPresent()) {
            return Optional.empty(); // Only an earlier attempt can have moved it there; "confirm" looks at it.
        }
        if (record.taken()) {
            return dropped(order, new Outcome.Purged(Outcome.Assurance.EXACT));
        }
        if (FolderPlace.leadsThroughLink(custody.root(), live)) {
            return dropped(order, new Outcome.Refused(RefusalReason.OUTSIDE_STORAGE));
        }
        Optional<PosixFileAttributes> found = custody.find(live);
        if (found.isEmpty()) {
            return dropped(order, new Outcome.Gone());
        }
        PosixFileAttributes attributes = found.get();
        if (!attributes.isRegularFile()
                || attributes.size() != order.sizeBytes()
                || !Folder.version(attributes).equals(order.version())) {
            return dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
        }
        if (!listed.holds(order.key(), order.version())) {
            return dropped(order, new Outcome.Refused(RefusalReason.NOT_LISTED));
        }
        return custody.holdsContent(live, order)
                ? Optional.empty()
                : dropped(order, new Outcome.Refused(RefusalReason.HASH_MISMATCH));
    }

    /// Ends an order without an object in custody, leaving no sidecar of an earlier attempt behind.
    private Optional<Outcome> dropped(RemovalOrder order, Outcome outcome) throws IOException {
        if (custody.find(kept(order)).isEmpty()) {
            custody.deleteSidecar(order.placeName());
        }
        return Optional.of(outcome);
    }

    private void writeSidecar(RemovalOrder order, List<Path> live) throws IOException {
        if (custody.find(kept(order)).isPresent()) {
            return; // Written and forced before the move of an earlier attempt.
        }
        Optional<PosixFileAttributes> found = custody.find(live);
        if (found.isPresent()) {
            custody.write(
                    order.placeName(),
                    new Sidecar(
                            order.placeName(),
                            order.findingId().toString(),
                            order.key(),
                            order.sha256(),
                            order.sizeBytes(),
                            PosixFilePermissions.toString(found.get().permissions()),
                            found.get().lastModifiedTime().toInstant()));
        }
    }

    private Optional<Outcome> move(RemovalOrder order, List<Path> live) throws IOException {
        if (custody.find(kept(order)).isPresent()) {
            return Optional.empty();
        }
        try {
            custody.moveIn(live, order.placeName());
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return dropped(order, new Outcome.Gone());
        } catch (AtomicMoveNotSupportedException e) {
            custody.deleteSidecar(order.placeName());
            return Optional.of(new Outcome.Failed(
                    "The object is on another file system than the root of its folder, so it cannot be moved in one step."
                            + " Scan that file system as a storage of its own.",
                    false));
        }
    }

    /// Looks at what was really moved; puts back what is something else.
    private Optional<Outcome> confirm(RemovalOrder order, List<Path> live) throws IOException {
        if (custody.holdsContent(kept(order), order)) {
            return Optional.empty();
        }
        if (!custody.link(order.placeName(), live)) {
            return Optional.of(new Outcome.Failed(
                    "The object was replaced twice while it was being moved. The second last one is kept in "
                            + PrivatePrefix.key(order.placeName()) + "; look at it and move it by hand.",
                    false));
        }
        custody.syncBeside(live);
        custody.deleteKept(order.placeName());
        return dropped(order, new Outcome.Refused(RefusalReason.CHANGED));
    }

    private List<Step> forget(RemovalOrder order) {
        return List.of(
                Step.of("forget", () -> custody.deleteSidecar(order.placeName())),
                Step.of("settle", custody::syncPrivate));
    }

    private List<Step> findKept(RemovalOrder order, OrderRecord record) {
        return List.of(
                new Step("check", () -> checkKept(order, record)), Step.of("intend", () -> record.intend(order)));
    }

    private Optional<Outcome> checkKept(RemovalOrder order, OrderRecord record) throws IOException {
        if (custody.find(kept(order)).isEmpty()) {
            return dropped(order, record.intended() ? new Outcome.Purged(Outcome.Assurance.EXACT) : new Outcome.Gone());
        }
        return differing(order);
    }

    private Optional<Outcome> differing(RemovalOrder order) throws IOException {
        Optional<Sidecar> sidecar = custody.readSidecar(order.placeName());
        if (sidecar.isPresent() && !sidecar.get().describes(order)) {
            return Optional.of(new Outcome.Refused(RefusalReason.NOT_LISTED));
        }
        return custody.holdsContent(kept(order), order)
                ? Optional.empty()
                : Optional.of(new Outcome.Refused(RefusalReason.HASH_MISMATCH));
    }

    private List<Step> release(RemovalOrder order, OrderRecord record, List<Path> live) {
        return List.of(
                new Step("check", () -> checkRelease(order, record, live)),
                Step.of("intend", () -> record.intend(order)),
                Step.of("restore", () -> restore(order)),
                new Step(
                        "link",
                        () -> custody.find(kept(order)).isEmpty() || custody.link(order.placeName(), live)
                                ? Optional.empty()
                                : Optional.of(new Outcome.Refused(RefusalReason.OCCUPIED))),
                Step.of("sync", () -> custody.syncBeside(live)),
                Step.of("unlink", () -> custody.deleteKept(order.placeName())),
                Step.of("forget", () -> custody.deleteSidecar(order.placeName())),
                Step.of("settle", custody::syncPrivate),
                Step.end(new Outcome.Released()));
    }

    private Optional<Outcome> checkRelease(RemovalOrder order, OrderRecord record, List<Path> live) throws IOException {
        if (FolderPlace.leadsThroughLink(custody.root(), live)) {
            return Optional.of(new Outcome.Refused(RefusalReason.OUTSIDE_STORAGE));
        }
        if (custody.find(kept(order)).isEmpty()) {
            return record.intended() && custody.holdsContent(live, order)
                    ? Optional.empty() // An earlier attempt put it back; what follows finds nothing more to do.
                    : dropped(order, new Outcome.Gone());
        }
        if (custody.find(live).isPresent() && !custody.sameFile(kept(order), live)) {
            return Optional.of(new Outcome.Refused(RefusalReason.OCCUPIED));
        }
        return differing(order);
    }

    private void restore(RemovalOrder order) throws IOException {
        Optional<Sidecar> sidecar = custody.readSidecar(order.placeName());
        if (sidecar.isPresent() && custody.find(kept(order)).isPresent()) {
            custody.restore(order.placeName(), sidecar.get());
        }
    }

    private List<Path> kept(RemovalOrder order) {
        return custody.kept(order.placeName());
    }
}
