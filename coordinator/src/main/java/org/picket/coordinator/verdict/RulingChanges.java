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
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.FollowUpChange;
import org.picket.coordinator.shard.RuledPast;
import org.picket.coordinator.shard.ShardCommand;
import org.picket.coordinator.shard.ShardDecision;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardState;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.Sealed;

/// Puts together what one ruling changes. The lease's lock is held throughout.
final class RulingChanges {
    private final KnownContents contents;
    private final PresentTerms terms;
    private final boolean ownAgentsOnly;
    private final byte[] salt;

    /// @param ownAgentsOnly whether sites are scanned by agents of their own alone
    /// @param salt blinds the rulings' digests in the ledger
    RulingChanges(KnownContents contents, PresentTerms terms, boolean ownAgentsOnly, byte[] salt) {
        this.contents = contents;
        this.terms = terms;
        this.ownAgentsOnly = ownAgentsOnly;
        this.salt = salt.clone();
    }

    ObjectRuler ruler(Lease lease) {
        StorageTerms present = terms.of(lease);
        // Of a follow-up, nobody keeps whose agent gave the first scores.
        boolean ownAgent = lease.agent().owner().equals(present.owner())
                && (ownAgentsOnly || lease.shard().followUp().isEmpty());
        Vouching vouching = new Vouching(ownAgent, ownAgentsOnly);
        return new ObjectRuler(
                present, present.rules().policy().after(lease.scored()), vouching, contents.tagger(present), salt);
    }

    /// What a verdict brings.
    ///
    /// @param to one past the last ordinal ruled
    RulingChange ruled(Lease lease, RuledObjects ruled, int to, Sealed verdict) {
        boolean leaseOver = lease.endsAt(to);
        ShardCommand command = new ShardCommand.Rule(lease.fence(), leaseOver, leaseOver && lease.endsShard());
        return switch (ShardRules.apply(lease.state(), command)) {
            case ShardDecision.Next(ShardState state) -> change(lease, ruled, state, Optional.of(verdict));
            case ShardDecision.Poison _, ShardDecision.Refused _ ->
                throw new IllegalStateException("a live lease cannot be ruled: " + lease);
        };
    }

    /// What the coordinator itself rules.
    RulingChange ruled(Lease lease, RuledObjects ruled, ShardState after) {
        return change(lease, ruled, after, Optional.empty());
    }

    private RulingChange change(Lease lease, RuledObjects ruled, ShardState state, Optional<Sealed> verdict) {
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
        ShardStore.Change shard = new ShardStore.Change(
                lease.shard().key(), lease.fence(), state, before.ruled(), past, ruled.again() || fewer);
        List<LedgerBody> bodies = new ArrayList<>(2);
        verdict.ifPresent(
                signed -> bodies.add(LedgerBody.newBuilder().setVerdict(signed).build()));
        bodies.add(LedgerBody.newBuilder().setRuling(record(lease, ruled)).build());
        ListingCounts counts = ruled.counts();
        if (state instanceof ShardState.Ruled) {
            counts = counts.plus(drift(lease.shard().objects(), total));
        }
        return new RulingChange(
                ruled.terms(),
                shard,
                ruled,
                counts,
                bodies,
                verdict.map(_ -> lease.agent()),
                scores(lease, ruled),
                followUps(lease, ruled, shard),
                new CompletableFuture<>());
    }

    private static Optional<FollowUpChange> followUps(Lease lease, RuledObjects ruled, ShardStore.Change shard) {
        Optional<FollowUp> own = lease.shard().followUp();
        if (own.isEmpty() && ruled.waiting().isEmpty()) {
            return Optional.empty();
        }
        int parent = slice(lease);
        return Optional.of(new FollowUpChange(
                parent,
                FollowUp.cut(parent, lease.scored(), ruled.waiting()),
                own.isPresent() && shard.state() instanceof ShardState.Ruled,
                own.isPresent() && shard.again()));
    }

    /// The number of the shard that the objects are out of.
    private static int slice(Lease lease) {
        return lease.shard()
                .followUp()
                .map(FollowUp::parent)
                .orElseGet(() -> lease.shard().key().number());
    }

    /// Objects that came after the listing are listed now; those that went before they were looked at are gone.
    private static ListingCounts drift(int listed, int ruled) {
        return new ListingCounts(
                Math.max(0, ruled - listed), 0, 0, 0, 0, Math.max(0, listed - ruled), new ListingCounts.Work(0, 0));
    }

    private static RulingRecord record(Lease lease, RuledObjects ruled) {
        ListingCounts counts = ruled.counts();
        RulingRecord.Builder record = RulingRecord.newBuilder();
        lease.shard()
                .followUp()
                .map(followUp -> new ShardKey(lease.shard().key().listing(), followUp.parent()))
                .ifPresent(parent -> record.setFollowsShardId(parent.id().value()));
        return record.setShardId(lease.shard().key().id().value())
                .setFence(lease.fence().wire())
                .setFrom(lease.ruled())
                .setTo(lease.ruled() + ruled.marks().length)
                .setDigest(ruled.digest().bytes())
                .setCleared((int) counts.cleared())
                .setFlagged((int) counts.flagged())
                .setInconclusive((int) counts.inconclusive())
                .setKnown((int) counts.known())
                .setGone((int) counts.gone())
                .setWaiting(
                        ruled.waiting().values().stream().mapToInt(List::size).sum())
                .build();
    }

    private static Optional<ShardStore.Scores> scores(Lease lease, RuledObjects ruled) {
        if (!ruled.blocks().worthwhile()) {
            return Optional.empty();
        }
        RuledObjects.Block block = ruled.blocks();
        int concepts = lease.terms().rules().policy().after(lease.scored()).concepts();
        byte[] encoded = new ScoreBlock(concepts, block.tags(), block.views(), block.scores())
                .by(lease.scored())
                .encode();
        ShardKey slice = new ShardKey(lease.shard().key().listing(), slice(lease));
        return Optional.of(new ShardStore.Scores(slice, lease.past().ruled(), encoded));
    }

    private static byte[] chain(byte[] before, Digest next) {
        MessageDigest running = Digest.sha256();
        running.update(before);
        running.update(next.bytes().asReadOnlyByteBuffer());
        return running.digest();
    }
}
