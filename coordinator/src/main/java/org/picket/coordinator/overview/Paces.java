package org.picket.coordinator.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.listing.ListingState;
import org.picket.proto.id.ListingId;

/// How fast open listings come along: averages over the last minute, from counts that are looked at once a second
/// anyway.
///
/// Safe for any number of threads.
public final class Paces {
    /// Over how long a pace is an average, at most.
    public static final Duration WINDOW = Duration.ofSeconds(60);

    /// Looks are no closer together, so that few are kept.
    private static final Duration APART = Duration.ofSeconds(1);

    /// A shorter stretch says nothing.
    private static final Duration LEAST = Duration.ofSeconds(2);

    private static final double MILLIS = 1e3;

    private final Map<ListingId, ArrayDeque<Look>> looks = new HashMap<>();
    private List<Listing> open = List.of();

    private record Look(Instant at, boolean listed, long done, long ruled, long views, long bytes) {
        static Look of(Listing listing, Instant now) {
            return new Look(
                    now,
                    listing.state() == ListingState.LISTED,
                    listing.counts().done(),
                    listing.counts().done() - listing.counts().known(),
                    listing.counts().work().views(),
                    listing.counts().work().bytes());
        }
    }

    /// By the second.
    ///
    /// @param objects that came to an end; while the listing grows, without those that were known at once
    /// @param views scored
    /// @param bytes read at the storage
    public record Pace(double objects, double views, double bytes) {}

    /// Takes note of all listings that are open.
    public synchronized void look(List<Listing> all, Instant now) {
        open = List.copyOf(all);
        Set<ListingId> ids = all.stream().map(Listing::id).collect(Collectors.toSet());
        looks.keySet().retainAll(ids);
        for (Listing listing : all) {
            ArrayDeque<Look> own = looks.computeIfAbsent(listing.id(), _ -> new ArrayDeque<>());
            if (own.isEmpty() || !own.getLast().at().plus(APART).isAfter(now)) {
                own.add(Look.of(listing, now));
            }
            while (own.size() > 2 && own.getFirst().at().plus(WINDOW).isBefore(now)) {
                own.removeFirst();
            }
        }
    }

    /// The listings that were open at the last look, oldest first.
    public synchronized List<Listing> open() {
        return open;
    }

    /// A listing's pace of late; empty: not known yet.
    public synchronized Optional<Pace> pace(ListingId listing) {
        ArrayDeque<Look> own = looks.getOrDefault(listing, new ArrayDeque<>());
        if (own.isEmpty()) {
            return Optional.empty();
        }
        Look first = own.getFirst();
        Look last = own.getLast();
        Duration between = Duration.between(first.at(), last.at());
        if (between.compareTo(LEAST) < 0) {
            return Optional.empty();
        }
        double seconds = between.toMillis() / MILLIS;
        long objects = first.listed() ? last.done() - first.done() : last.ruled() - first.ruled();
        return Optional.of(new Pace(
                objects / seconds, (last.views() - first.views()) / seconds, (last.bytes() - first.bytes()) / seconds));
    }

    /// How long the rest takes at that pace; empty where nothing moves.
    static Optional<Duration> left(long objects, Pace pace) {
        return objects > 0 && pace.objects() > 0
                ? Optional.of(Duration.ofMillis((long) (objects / pace.objects() * MILLIS)))
                : Optional.empty();
    }
}
