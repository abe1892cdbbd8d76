package org.picket.coordinator.finding;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
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
        if (!ruled.acting()) {
            return FlaggedObject::hold;
        }
        RulingContext context = ruled.context();
        Rulings rulings = ruled.rulings();
        StorageId storage = context.storage();
        Optional<String> site = PostgresFuse.tripped(handle, storage);
        if (site.isEmpty()
                && FuseRules.site(
                                context.enforcement().fuses(),
                                PostgresFuse.window(
                                        handle, storage, context.enforcement().fuses()))
                        instanceof FuseState.Tripped(String reason)) {
            PostgresFuse.trip(handle, storage, reason, context.now());
            site = Optional.of(reason);
        }
        Optional<String> tripped = site;
        Map<Digest, Long> copies =
                rulings.flagged().stream().collect(Collectors.groupingBy(FlaggedObject::sha256, Collectors.counting()));
        Map<Digest, Optional<String>> contents = new LinkedHashMap<>();
        copies.forEach((sha256, count) -> contents.put(sha256, contentFuse(handle, context, sha256, count)));
        return one -> one.hold().or(() -> tripped).or(() -> contents.get(one.sha256()));
    }

    private static Optional<String> contentFuse(Handle handle, RulingContext context, Digest sha256, long copies) {
        long earlier = PostgresFindings.foundSince(
                handle, context.storage(), sha256, context.now().minus(HASH_FUSE_SPAN));
        return switch (FuseRules.contentHash(context.enforcement().fuses(), earlier + copies)) {
            case FuseState.Untripped() -> Optional.empty();
            case FuseState.Tripped(String reason) -> Optional.of(reason);
        };
    }
}
