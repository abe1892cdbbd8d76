package org.picket.coordinator.verdict;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.picket.coordinator.content.KnownContents;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardCommand;
import org.picket.coordinator.shard.ShardDecision;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.Sealed;

/// Puts together what is written of one report. The lease's lock is held throughout.
final class Entries {
    private final KnownContents contents;
    private final PresentTerms terms;
    private final byte[] salt;

    /// @param salt blinds the rulings' digests in the ledger
    Entries(KnownContents contents, PresentTerms terms, byte[] salt) {
        this.contents = contents;
        this.terms = terms;
        this.salt = salt.clone();
    }

    ObjectRuler ruler(Lease lease) {
        StorageTerms present = terms.of(lease);
        return new ObjectRuler(present, contents.tagger(present), salt);
    }

    /// What a verdict brings.
    ///
    /// @param to one past the last ordinal ruled
    Entry ruled(Lease lease, RuledObjects ruled, int to, Sealed verdict) {
        boolean leaseOver = lease.endsAt(to);
        ShardCommand command = new ShardCommand.Rule(lease.fence(), leaseOver, leaseOver && lease.endsShard());
        return switch (ShardRules.apply(lease.state(), command)) {
            case ShardDecision.Next(ShardState state) -> entry(lease, ruled, state, Optional.of(verdict));
            case ShardDecision.Poison _, ShardDecision.Refused _ ->
                throw new IllegalStateException("a live lease cannot be ruled: " + lease);
        };
    }

    /// What the coordinator itself rules.
    Entry ruled(Lease lease, RuledObjects ruled, ShardState after) {
        return entry(lease, ruled, after, Optional.empty());
    }

    private Entry entry(Lease lease, RuledObjects ruled, ShardState state, Optional<Sealed> verdict) {
        RuledPast before = lease.past();
        int total = before.ruled() + ruled.marks().length;
        RuledPast past = new RuledPast(
                total,
                ruled.marks().length == 0 ? before.afterKey() : ruled.rulings().lastKey(),
                before.rulings().plus(ruled.marks()),
                chain(before.digest(), ruled.digest()));
        // What was listed and not supplied is not ruled: its ranges are not known to the next listing.
        boolean fewer =
                state instanceof ShardState.Ruled && total < lease.shard().objects();
        ShardStore.Change change = new ShardStore.Change(
                lease.shard().key(), lease.fence(), state, before.ruled(), past, ruled.again() || fewer);
        List<LedgerBody> bodies = new ArrayList<>(2);
        verdict.ifPresent(
                signed -> bodies.add(LedgerBody.newBuilder().setVerdict(signed).build()));
        bodies.add(LedgerBody.newBuilder().setRuling(record(lease, ruled)).build());
        ListingCounts counts = ruled.counts();
        if (state instanceof ShardState.Ruled) {
            counts = counts.plus(drift(lease.shard().objects(), total));
        }
        return new Entry(ruled.terms(), change, ruled, counts, bodies, scores(lease, ruled), new CompletableFuture<>());
    }

    /// Objects that came after the listing are listed now; those that went before they were looked at are gone.
    private static ListingCounts drift(int listed, int ruled) {
        return new ListingCounts(
                Math.max(0, ruled - listed), 0, 0, 0, 0, Math.max(0, listed - ruled), new ListingCounts.Work(0, 0));
    }

    private static RulingRecord record(Lease lease, RuledObjects ruled) {
        ListingCounts counts = ruled.counts();
        return RulingRecord.newBuilder()
                .setShardId(lease.shard().key().id().value())
                .setFence(lease.fence().wire())
                .setFrom(lease.ruled())
                .setTo(lease.ruled() + ruled.marks().length)
                .setDigest(ruled.digest().bytes())
                .setCleared((int) counts.cleared())
                .setFlagged((int) counts.flagged())
                .setInconclusive((int) counts.inconclusive())
                .setKnown((int) counts.known())
                .setGone((int) counts.gone())
                .build();
    }

    private static Optional<ShardStore.Scores> scores(Lease lease, RuledObjects ruled) {
        if (!ruled.blocks().worthwhile()) {
            return Optional.empty();
        }
        RuledObjects.Block block = ruled.blocks();
        int concepts = lease.terms().rules().policy().concepts();
        byte[] encoded = new ScoreBlock(concepts, block.tags(), block.views(), block.scores()).encode();
        return Optional.of(
                new ShardStore.Scores(lease.shard().key(), lease.past().ruled(), encoded));
    }

    private static byte[] chain(byte[] before, Digest next) {
        MessageDigest running = Digest.sha256();
        running.update(before);
        running.update(next.bytes().asReadOnlyByteBuffer());
        return running.digest();
    }
}
