package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.share.Lane;
import org.picket.runtime.time.BackOff;

/// The shards of one listing on their way to leases. Guarded by the lock of [Feeds].
final class Feed {
    /// Where several coordinators share the shards, a claim takes no more than this part of what is open for each.
    private static final int SHARED_PART = 4;

    private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    private final StorageTerms terms;
    private final ArrayDeque<ClaimedShard> ready = new ArrayDeque<>();
    /// Those of which a lease failed before.
    private final ArrayDeque<ClaimedShard> retried = new ArrayDeque<>();
    private final PriorityQueue<Returned> returned = new PriorityQueue<>(Comparator.comparing(Returned::notBefore));
    private final PriorityQueue<Returned> followUpsReturned =
            new PriorityQueue<>(Comparator.comparing(Returned::notBefore));
    private final Map<Integer, Integer> fruitless = new HashMap<>();
    private final List<FollowUpLane> lanes;
    private Listing listing;
    private int watermark;
    private boolean exhausted;
    private Instant rescanAt = Instant.MIN;
    private boolean claiming;
    /// When a shard was claimed or taken last.
    private Instant used = Instant.MIN;
    private final Keeping keeping;
    /// Shards of the listing, as far as it was known when the present claim began.
    private int claimingOf;

    private record Returned(int number, Instant notBefore) {}

    Feed(Listing listing, StorageTerms terms) {
        this.listing = listing;
        this.terms = terms;
        this.keeping = new Keeping(listing.id());
        this.lanes = FollowUpLane.all(terms.rules().policy().further());
    }

    /// What it waits in.
    Lane lane() {
        return Lane.of(
                listing.scope().since(),
                listing.state() == ListingState.LISTED,
                listing.counts().listed());
    }

    StorageTerms terms() {
        return terms;
    }

    Listing listing() {
        return listing;
    }

    /// What was read a while ago, while the listing grew, changes nothing.
    void grow(Listing now) {
        if (now.intake().shards() < listing.intake().shards()) {
            return;
        }
        if (now.intake().shards() > listing.intake().shards()) {
            exhausted = false;
        }
        // Of those that other coordinators wrote nobody else tells.
        if (now.intake().followUps() > listing.intake().followUps()) {
            followed();
        }
        listing = now;
    }

    /// Whether an agent that runs these bundles can run any lease of it.
    boolean serves(Set<ByteString> bundles) {
        return servesFirst(bundles) || lanes.stream().anyMatch(lane -> lane.serves(bundles));
    }

    private boolean servesFirst(Set<ByteString> bundles) {
        return bundles.contains(terms.scoring().bundle().bytes());
    }

    /// The next follow-up for an agent that runs these bundles. They go first: what they hold has been read
    /// once already, and the sooner it is ruled the fewer keys wait in the database.
    private Optional<ClaimedShard> take(Set<ByteString> bundles, Predicate<ClaimedShard> passedOver) {
        for (FollowUpLane lane : lanes) {
            Optional<ClaimedShard> shard = lane.serves(bundles) ? lane.take(passedOver) : Optional.empty();
            if (shard.isPresent()) {
                return shard;
            }
        }
        return Optional.empty();
    }

    /// As [#take], of the slices of the listing. The last ones, and those that failed before, are kept for a while for
    /// agents that are better at it.
    Optional<ClaimedShard> take(Asking agent, Presence there) {
        Set<ByteString> bundles = agent.able(terms);
        Predicate<ClaimedShard> passedOver = shard -> keeping.passesOver(agent.operator(), shard, bundle(shard), there);
        Optional<ClaimedShard> followUp = take(bundles, passedOver);
        if (followUp.isPresent() || !servesFirst(bundles)) {
            return followUp;
        }
        Pace pace = agent.pace().pace();
        Optional<ClaimedShard> again = pace.proven() || ready.isEmpty()
                ? retried.stream().filter(Predicate.not(passedOver)).findFirst()
                : Optional.empty();
        return again.or(() -> Optional.ofNullable(ready.peekFirst()))
                .filter(shard -> !kept(pace, shard, again.isPresent(), there))
                .filter(again.isPresent() ? retried::remove : ready::remove);
    }

    /// The bundle that a shard of it waits for.
    private ByteString bundle(ClaimedShard shard) {
        return shard.followUp()
                .map(one -> lanes.get(one.bundle()).bundle())
                .orElseGet(() -> terms.scoring().bundle().bytes());
    }

    private boolean kept(Pace pace, ClaimedShard shard, boolean before, Presence there) {
        boolean failed = before && !pace.proven();
        return (failed || last()) && keeping.keeps(pace, shard, failed, atHand(), there);
    }

    /// Whether all that is left of it is at hand, or leased already.
    private boolean last() {
        return listing.state() == ListingState.LISTED && exhausted;
    }

    /// Slices of the listing that are at hand.
    private List<ClaimedShard> atHand() {
        return Stream.concat(ready.stream(), retried.stream()).toList();
    }

    /// Whether it keeps shards from an agent that could scan them.
    boolean keeps(Asking agent, Instant now) {
        Set<ByteString> bundles = agent.able(terms);
        return servesFirst(bundles) && keeping.any(atHand(), now)
                || Stream.concat(retried.stream(), lanes.stream().flatMap(FollowUpLane::ready))
                        .anyMatch(
                                shard -> bundles.contains(bundle(shard)) && keeping.from(agent.operator(), shard, now));
    }

    /// Whether nothing of it is left to be leased, and nothing more comes.
    boolean dry() {
        return last() && !claiming && ready.isEmpty() && retried.isEmpty() && returned.isEmpty();
    }

    /// Takes back what was taken and not leased.
    void putBack(ClaimedShard shard) {
        add(List.of(shard));
    }

    /// Whether it has a shard at hand for an agent that runs these bundles.
    boolean hasFor(Set<ByteString> bundles) {
        return !(ready.isEmpty() && retried.isEmpty()) && servesFirst(bundles)
                || lanes.stream().anyMatch(lane -> lane.atHand() > 0 && lane.serves(bundles));
    }

    /// Whether it has a shard at hand for anybody.
    boolean hasAny() {
        return !(ready.isEmpty() && retried.isEmpty()) || lanes.stream().anyMatch(lane -> lane.atHand() > 0);
    }

    /// Whether there may be something to claim, for whomever.
    boolean claimable(Instant now) {
        return !claiming
                && (due(returned, now)
                        || due(followUpsReturned, now)
                        || !exhausted
                        || !rescanAt.isAfter(now)
                        || lanes.stream().anyMatch(lane -> lane.claimable(0, now)));
    }

    /// Whether there is something to claim for such an agent, no more than so many shards being at hand for it.
    boolean claimable(Set<ByteString> bundles, int atHand, Instant now) {
        if (claiming) {
            return false;
        }
        boolean back = due(followUpsReturned, now);
        return firstClaimable(bundles, atHand, now)
                || lanes.stream()
                        .anyMatch(lane -> lane.serves(bundles)
                                && lane.atHand() <= atHand
                                && (back || lane.claimable(atHand, now)));
    }

    private boolean firstClaimable(Set<ByteString> bundles, int atHand, Instant now) {
        return servesFirst(bundles)
                && ready.size() <= atHand
                && (due(returned, now) || !exhausted || !rescanAt.isAfter(now));
    }

    /// Begins to claim follow-ups, too: names the lanes of these bundles that may have some.
    List<FollowUpLane> beginFollowUps(Set<ByteString> bundles, int limit, Instant now) {
        List<FollowUpLane> due = lanes.stream()
                .filter(lane -> lane.serves(bundles) && lane.claimable(limit, now))
                .toList();
        due.forEach(lane -> lane.beginClaim(now));
        return due;
    }

    /// How many more shards may be claimed in order: where no agent takes them, they do not pile up, and none are
    /// claimed for an agent that cannot run their leases.
    int room(Set<ByteString> bundles, int limit) {
        return exhausted || ready.size() > limit || !servesFirst(bundles) ? 0 : limit;
    }

    /// Follow-ups were added.
    void followed() {
        lanes.forEach(FollowUpLane::expect);
    }

    private static boolean due(PriorityQueue<Returned> of, Instant now) {
        return !of.isEmpty() && !of.peek().notBefore().isAfter(now);
    }

    /// Nobody else claims until this claim has ended.
    void mark() {
        claiming = true;
    }

    /// Begins a claim for an agent that runs these bundles: names the returned shards that are due.
    List<Integer> beginClaim(Set<ByteString> bundles, int limit, Instant now) {
        List<Integer> numbers = new ArrayList<>();
        poll(followUpsReturned, numbers, limit, now);
        if (servesFirst(bundles)) {
            poll(returned, numbers, limit, now);
            if (exhausted && !rescanAt.isAfter(now)) {
                // Shards that other coordinators gave back lie below the watermark.
                watermark = 0;
                exhausted = false;
            }
        }
        claimingOf = listing.intake().shards();
        return numbers;
    }

    private static void poll(PriorityQueue<Returned> from, List<Integer> into, int limit, Instant now) {
        while (into.size() < limit && due(from, now)) {
            into.add(from.poll().number());
        }
    }

    int watermark() {
        return watermark;
    }

    /// Shards of one claim, where so many coordinators share them.
    int batch(int most, int coordinators) {
        return coordinators == 1
                ? most
                : Math.clamp(listing.intake().shardsOpen() / (SHARED_PART * coordinators), 1, most);
    }

    /// A shard was claimed or taken.
    void used(Instant now) {
        used = now;
    }

    /// Gives up the shards at hand, where nobody has taken one since.
    List<ClaimedShard> unused(Instant since) {
        return claiming || used.isAfter(since) ? List.of() : giveUp();
    }

    /// Gives up the shards at hand.
    List<ClaimedShard> giveUp() {
        List<ClaimedShard> all = new ArrayList<>(ready);
        ready.clear();
        all.addAll(retried);
        retried.clear();
        lanes.forEach(lane -> all.addAll(lane.giveUp()));
        return all;
    }

    /// Looks at all shards again: they may be open.
    void again() {
        watermark = 0;
        exhausted = false;
        lanes.forEach(FollowUpLane::again);
    }

    void endClaim(List<ClaimedShard> claimed, boolean reachedEnd, Instant rescan) {
        claiming = false;
        add(claimed);
        // Shards that came while the claim was under way may not have been seen by it.
        if (reachedEnd && listing.intake().shards() == claimingOf) {
            exhausted = true;
            rescanAt = rescan;
        }
    }

    private void add(List<ClaimedShard> claimed) {
        for (ClaimedShard shard : claimed) {
            if (shard.followUp().isPresent()) {
                lanes.get(shard.followUp().get().bundle()).add(shard);
            } else {
                (shard.trial().take() > 0 || shard.trial().attempts() > 0 ? retried : ready).add(shard);
                watermark = Math.max(watermark, shard.key().number());
            }
        }
    }

    /// A claim that broke off.
    ///
    /// @param claimed what it had claimed by then
    /// @param numbers of returned shards that it had not
    void failClaim(List<ClaimedShard> claimed, List<Integer> numbers, Instant now) {
        claiming = false;
        add(claimed);
        numbers.forEach(number -> returned(number, now.plusSeconds(1)));
    }

    /// Takes a shard back.
    ///
    /// @param unsupplied its lease got nothing from the crawler: the next one waits, longer each time
    void giveBack(int number, boolean unsupplied, Instant now) {
        int times = unsupplied ? fruitless.merge(number, 1, Integer::sum) : 0;
        Duration wait = Duration.ZERO;
        if (unsupplied) {
            wait = BACK_OFF.whole(times);
        } else {
            fruitless.remove(number);
        }
        returned(number, now.plus(wait));
    }

    private void returned(int number, Instant notBefore) {
        (FollowUp.is(number) ? followUpsReturned : returned).add(new Returned(number, notBefore));
    }

    /// Those by number, with when each may be leased again.
    List<StuckShard> stuckShards() {
        Map<Integer, Instant> again = new HashMap<>();
        returned.forEach(back -> again.put(back.number(), back.notBefore()));
        return fruitless.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new StuckShard(
                        each.getKey(), each.getValue(), again.getOrDefault(each.getKey(), Instant.EPOCH)))
                .toList();
    }

    /// Why nothing goes out of it, where that is so.
    List<Stuck> stuck() {
        List<Stuck> stuck = new ArrayList<>();
        lanes.forEach(lane -> lane.stuck()
                .map(why ->
                        new Stuck(StuckReason.FURTHER_BUNDLE, listing.intake().shardsOpen(), why))
                .ifPresent(stuck::add));
        if (fruitless.isEmpty()) {
            return stuck;
        }
        int most = fruitless.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        stuck.add(new Stuck(
                StuckReason.UNSUPPLIED,
                fruitless.size(),
                fruitless.size() + " shards got no objects from the crawler, up to " + most
                        + " times in a row: see whether the crawler runs and reaches its storage"));
        return stuck;
    }
}
