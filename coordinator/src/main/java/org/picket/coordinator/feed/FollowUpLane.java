package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.FollowUp;

/// The follow-ups of one listing that wait for one further bundle, on their way to leases. Guarded by the lock
/// of [Feeds]. A listing whose policy asks for none has no lane, and pays nothing.
final class FollowUpLane {
    private final int place;
    private final FurtherBundle bundle;
    private final ArrayDeque<ClaimedShard> ready = new ArrayDeque<>();
    private int after = FollowUp.FIRST - 1;
    /// Whether some may be open that no claim has seen.
    private boolean expected = true;
    private long told;
    private long toldBefore;
    private boolean served;
    /// When all of them are looked at again: other coordinators may have given some back.
    private Instant rescanAt = Instant.MAX;

    private FollowUpLane(int place, FurtherBundle bundle) {
        this.place = place;
        this.bundle = bundle;
    }

    static List<FollowUpLane> all(List<FurtherBundle> further) {
        List<FollowUpLane> lanes = new ArrayList<>();
        for (int place = 0; place < further.size(); place++) {
            lanes.add(new FollowUpLane(place, further.get(place)));
        }
        return List.copyOf(lanes);
    }

    int place() {
        return place;
    }

    /// The highest number that was claimed in order.
    int after() {
        return after;
    }

    /// Whether an agent that runs these bundles can run its leases.
    boolean serves(Set<ByteString> bundles) {
        boolean serves = bundles.contains(bundle());
        served |= serves;
        return serves;
    }

    /// The next one that is not passed over.
    Optional<ClaimedShard> take(Predicate<ClaimedShard> passedOver) {
        return ready.stream().filter(Predicate.not(passedOver)).findFirst().filter(ready::remove);
    }

    /// The bundle that its follow-ups wait for.
    ByteString bundle() {
        return bundle.scoring().bundle().bytes();
    }

    /// Those at hand.
    Stream<ClaimedShard> ready() {
        return ready.stream();
    }

    int atHand() {
        return ready.size();
    }

    /// Whether a claim may find any, no more than so many being at hand.
    boolean claimable(int atHand, Instant now) {
        return (expected || !rescanAt.isAfter(now)) && ready.size() <= atHand;
    }

    void add(ClaimedShard shard) {
        ready.add(shard);
    }

    /// Some were added.
    void expect() {
        told++;
        expected = true;
    }

    /// Looks from the first one on again: they may be open.
    void again() {
        after = FollowUp.FIRST - 1;
        expected = true;
    }

    /// Gives up those at hand.
    List<ClaimedShard> giveUp() {
        List<ClaimedShard> all = List.copyOf(ready);
        ready.clear();
        return all;
    }

    void beginClaim(Instant now) {
        toldBefore = told;
        if (!rescanAt.isAfter(now)) {
            again();
            rescanAt = Instant.MAX;
        }
    }

    /// @param claimed in order
    /// @param reachedEnd whether there were no more
    /// @param rescan when to look at all of them again
    void endClaim(List<ClaimedShard> claimed, boolean reachedEnd, Instant rescan) {
        for (ClaimedShard shard : claimed) {
            after = Math.max(after, shard.key().number());
        }
        ready.addAll(claimed);
        if (reachedEnd && told == toldBefore) {
            expected = false;
            rescanAt = rescan;
        }
    }

    /// Why its follow-ups wait, where no agent has asked for any.
    Optional<String> stuck() {
        return !served && (told > 0 || !ready.isEmpty())
                ? Optional.of("objects wait for the further bundle \"" + bundle.name()
                        + "\", which no agent asks for here: start one that has it")
                : Optional.empty();
    }
}
