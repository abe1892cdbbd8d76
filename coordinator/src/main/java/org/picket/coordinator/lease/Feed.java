package org.picket.coordinator.lease;

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
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;

/// The shards of one listing on their way to leases. Guarded by the lock of [Leases].
final class Feed {
    private static final Duration MOST_BACKOFF = Duration.ofSeconds(60);

    private final StorageTerms terms;
    private final ArrayDeque<ClaimedShard> ready = new ArrayDeque<>();
    private final PriorityQueue<Returned> returned = new PriorityQueue<>(Comparator.comparing(Returned::notBefore));
    private final Map<Integer, Integer> fruitless = new HashMap<>();
    private Listing listing;
    private int watermark;
    private boolean exhausted;
    private Instant rescanAt = Instant.MIN;
    private boolean claiming;
    /// Shards of the listing, as far as it was known when the present claim began.
    private int claimingOf;

    private record Returned(int number, Instant notBefore) {}

    Feed(Listing listing, StorageTerms terms) {
        this.listing = listing;
        this.terms = terms;
    }

    StorageTerms terms() {
        return terms;
    }

    Listing listing() {
        return listing;
    }

    void grow(Listing now) {
        if (now.intake().shards() > listing.intake().shards()) {
            exhausted = false;
        }
        listing = now;
    }

    Optional<ClaimedShard> take() {
        return Optional.ofNullable(ready.pollFirst());
    }

    /// Shards claimed and not yet given out.
    int atHand() {
        return ready.size();
    }

    void untake(ClaimedShard shard) {
        ready.addFirst(shard);
    }

    boolean claimable(Instant now) {
        return !claiming && (due(now) || !exhausted || !rescanAt.isAfter(now));
    }

    private boolean due(Instant now) {
        return !returned.isEmpty() && !returned.peek().notBefore().isAfter(now);
    }

    /// Nobody else claims until this claim has ended.
    void mark() {
        claiming = true;
    }

    /// Begins a claim: names the returned shards that are due.
    List<Integer> beginClaim(int limit, Instant now) {
        if (exhausted && !rescanAt.isAfter(now)) {
            // Shards that other coordinators gave back lie below the watermark.
            watermark = 0;
            exhausted = false;
        }
        claimingOf = listing.intake().shards();
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < limit && due(now)) {
            numbers.add(returned.poll().number());
        }
        return numbers;
    }

    int watermark() {
        return watermark;
    }

    boolean exhausted() {
        return exhausted;
    }

    void endClaim(List<ClaimedShard> claimed, boolean reachedEnd, Instant rescan) {
        claiming = false;
        ready.addAll(claimed);
        for (ClaimedShard shard : claimed) {
            watermark = Math.max(watermark, shard.key().number());
        }
        // Shards that came while the claim was under way may not have been seen by it.
        if (reachedEnd && listing.intake().shards() == claimingOf) {
            exhausted = true;
            rescanAt = rescan;
        }
    }

    void failClaim(List<Integer> numbers, Instant now) {
        claiming = false;
        numbers.forEach(number -> returned.add(new Returned(number, now.plusSeconds(1))));
    }

    /// Takes a shard back.
    ///
    /// @param unsupplied its lease got nothing from the crawler: the next one waits, longer each time
    void giveBack(int number, boolean unsupplied, Instant now) {
        int times = unsupplied ? fruitless.merge(number, 1, Integer::sum) : 0;
        Duration wait = Duration.ZERO;
        if (unsupplied) {
            wait = Duration.ofSeconds(1L << Math.min(times - 1, 6));
            wait = wait.compareTo(MOST_BACKOFF) > 0 ? MOST_BACKOFF : wait;
        } else {
            fruitless.remove(number);
        }
        returned.add(new Returned(number, now.plus(wait)));
    }

    void fruitful(int number) {
        fruitless.remove(number);
    }

    /// Shards that got no objects when they were leased last.
    int fruitless() {
        return fruitless.size();
    }

    List<String> stuck() {
        if (fruitless.isEmpty()) {
            return List.of();
        }
        int most = fruitless.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return List.of(fruitless.size() + " shards got no objects from the crawler, up to " + most
                + " times in a row: see whether the crawler runs and reaches its storage");
    }
}
