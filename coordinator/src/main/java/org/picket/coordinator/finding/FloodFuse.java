package org.picket.coordinator.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.ruling.FlagWindow;
import org.picket.coordinator.ruling.FuseRules;
import org.picket.coordinator.ruling.FuseState;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Holds findings back when there are too many of them: of a storage, or of one content.
final class FloodFuse {
    private static final Duration HASH_FUSE_SPAN = Duration.ofHours(1);

    private FloodFuse() {}

    /// Weighs rulings against the fuses; the answer says for each flagged object why it must wait, if it must.
    static Function<FlaggedObject, Optional<String>> holds(Handle handle, Ruled ruled) {
        RulingContext context = ruled.context();
        Rulings rulings = ruled.rulings();
        Optional<String> tripped =
                site(handle, context.storage(), context.epoch(), context.enforcement(), context.now());
        if (!ruled.acting()) {
            return FlaggedObject::hold;
        }
        Map<Digest, Long> copies =
                rulings.flagged().stream().collect(Collectors.groupingBy(FlaggedObject::sha256, Collectors.counting()));
        Map<Digest, Optional<String>> contents = new LinkedHashMap<>();
        copies.forEach((sha256, count) -> contents.put(sha256, contentFuse(handle, context, sha256, count)));
        return one -> one.hold().or(() -> tripped).or(() -> contents.get(one.sha256()));
    }

    /// Weighs findings that would be acted on now, though they were ruled on before: by what the fuse saw then, by all
    /// of them together, and by their places.
    static Function<StoredFinding, Optional<String>> holds(
            Handle handle, StorageId storage, ModeTerms terms, List<StoredFinding> page, Instant now) {
        if (page.isEmpty()) {
            return _ -> Optional.empty();
        }
        Fuses fuses = terms.enforcement().fuses();
        Optional<String> site = site(handle, storage, terms.epoch(), terms.enforcement(), now);
        if (site.isEmpty()
                && FuseRules.site(fuses, together(handle, storage, terms)) instanceof FuseState.Tripped(var reason)) {
            PostgresFuse.trip(handle, storage, reason, now);
            site = Optional.of(reason);
        }
        Optional<String> tripped = site;
        Map<Digest, Optional<String>> contents = new HashMap<>();
        for (StoredFinding one : page) {
            contents.computeIfAbsent(
                    one.sha256(),
                    sha256 -> reason(FuseRules.places(fuses, PostgresUndone.places(handle, storage, sha256))));
        }
        return one -> tripped.or(() -> contents.get(one.sha256()));
    }

    private static FlagWindow together(Handle handle, StorageId storage, ModeTerms terms) {
        long flagged = PostgresUndone.count(
                handle, storage, terms.epoch(), (rule, by) -> terms.permitted(rule, by) != Action.OBSERVE);
        long ruled = PostgresUndone.ruled(handle, storage, terms.epoch());
        return new FlagWindow(List.of(new FlagWindow.Batch(Math.max(ruled, flagged), flagged)));
    }

    /// The fuse of the storage. In a mode that does not act it only looks on; what it has seen of an epoch trips it
    /// where that epoch acts.
    private static Optional<String> site(
            Handle handle, StorageId storage, Digest epoch, Enforcement enforcement, Instant now) {
        boolean acting = enforcement.mode() != Action.OBSERVE;
        Optional<String> tripped = acting ? PostgresFuse.tripped(handle, storage) : Optional.empty();
        if (tripped.isPresent()) {
            return tripped;
        }
        Optional<String> seen = PostgresFuse.seen(handle, storage, epoch);
        if (seen.isEmpty()) {
            Fuses fuses = enforcement.fuses();
            seen = reason(FuseRules.site(fuses, PostgresFuse.window(handle, storage, epoch, fuses)));
            seen.ifPresent(reason -> PostgresFuse.see(handle, storage, epoch, reason, now));
        }
        if (acting) {
            seen.ifPresent(reason -> PostgresFuse.trip(handle, storage, reason, now));
        }
        return seen;
    }

    private static Optional<String> reason(FuseState state) {
        return switch (state) {
            case FuseState.Untripped() -> Optional.empty();
            case FuseState.Tripped(String reason) -> Optional.of(reason);
        };
    }

    private static Optional<String> contentFuse(Handle handle, RulingContext context, Digest sha256, long copies) {
        long earlier = PostgresFindings.foundSince(
                handle, context.storage(), sha256, context.now().minus(HASH_FUSE_SPAN));
        return reason(FuseRules.contentHash(context.enforcement().fuses(), earlier + copies));
    }
}
