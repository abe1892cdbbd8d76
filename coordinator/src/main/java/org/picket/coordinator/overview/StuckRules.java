package org.picket.coordinator.overview;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckReason;
import org.picket.proto.v1.NoLease;

/// Why a scan stands still, as far as it can be told from outside of its shards. Pure.
final class StuckRules {
    /// Who has not called for so long is away: crawlers and agents call at least each half a minute.
    static final Duration AWAY = Duration.ofSeconds(90);

    /// A lease that has made no progress for so long is worth a word.
    static final Duration STILL = Duration.ofSeconds(60);

    private StuckRules() {}

    /// A scan, seen from outside.
    ///
    /// @param unfinished whether it is still being listed
    /// @param shards that are not ruled
    /// @param stills of its leases, how long each has made no progress
    /// @param crawlers of its site, how long ago each was heard of; empty: not since this coordinator started
    /// @param agents that are connected and not drained: why the last request of each brought none, where it did
    /// @param drained agents that are connected
    record Seen(
            boolean unfinished,
            int shards,
            List<Duration> stills,
            List<Optional<Duration>> crawlers,
            List<Optional<NoLease.Reason>> agents,
            int drained) {}

    /// Empty: nothing that can be seen is in its way.
    static List<Stuck> reasons(Seen scan) {
        List<Stuck> reasons = new ArrayList<>();
        if (!scan.unfinished() && scan.shards() == 0) {
            return reasons;
        }
        crawler(scan).ifPresent(reasons::add);
        if (scan.shards() > 0 && scan.stills().isEmpty()) {
            agents(scan).ifPresent(reasons::add);
        }
        int still = (int) scan.stills().stream()
                .filter(span -> span.compareTo(STILL) >= 0)
                .count();
        if (still > 0) {
            reasons.add(new Stuck(
                    StuckReason.LEASES_STILL,
                    still,
                    still + " of " + scan.stills().size() + " leases made no progress for " + STILL.toSeconds()
                            + " s or longer"));
        }
        return reasons;
    }

    private static Optional<Stuck> crawler(Seen scan) {
        if (scan.crawlers().isEmpty()) {
            return stuck(
                    scan,
                    StuckReason.NO_CRAWLER,
                    "its site has no crawler that may speak: 'picket members' says which there are");
        }
        Optional<Duration> last =
                scan.crawlers().stream().flatMap(Optional::stream).min(Duration::compareTo);
        if (last.isEmpty()) {
            return stuck(
                    scan,
                    StuckReason.CRAWLER_AWAY,
                    "no crawler of its site has called since this coordinator started: see whether it runs");
        }
        return last.filter(ago -> ago.compareTo(AWAY) > 0)
                .flatMap(ago -> stuck(
                        scan,
                        StuckReason.CRAWLER_AWAY,
                        "no crawler of its site has called for " + ago.toSeconds() + " s: see whether it runs"));
    }

    private static Optional<Stuck> agents(Seen scan) {
        if (scan.agents().isEmpty() && scan.drained() > 0) {
            return stuck(
                    scan,
                    StuckReason.AGENTS_DRAINED,
                    "every agent that is connected is drained: 'picket resume' one, or start another");
        }
        if (scan.agents().isEmpty()) {
            return stuck(scan, StuckReason.NO_AGENT, "no agent is connected: start one");
        }
        if (scan.agents().stream()
                .anyMatch(last -> last.flatMap(StuckRules::lack).isEmpty())) {
            // One that may have a lease gets it soon.
            return Optional.empty();
        }
        List<String> lacks = scan.agents().stream()
                .flatMap(Optional::stream)
                .distinct()
                .sorted()
                .flatMap(reason -> lack(reason).stream())
                .toList();
        return stuck(
                scan,
                StuckReason.AGENTS_UNFIT,
                "no agent that is connected can have its leases: each " + String.join("; or ", lacks));
    }

    private static Optional<Stuck> stuck(Seen scan, StuckReason reason, String words) {
        return Optional.of(new Stuck(reason, scan.shards(), words));
    }

    /// What keeps an agent from every lease of some bundle or storage, and what to do about it; empty: it may get one.
    private static Optional<String> lack(NoLease.Reason reason) {
        return switch (reason) {
            case BUNDLE_MISSING ->
                Optional.of("lacks the bundle: start one that has it, or hand it out by 'coordinator --artifacts'");
            case INCAPABLE ->
                Optional.of("lacks the memory or the provider that the bundle needs: start one that has it");
            case OUTSIDE_CIRCLE ->
                Optional.of("is outside of the circle that the site accepts: start one that it names,"
                        + " or have the site name more by 'crawler run --circle'");
            case REASON_UNSPECIFIED,
                    DRAINING,
                    SUSPENDED,
                    NOTHING_LISTED,
                    ALL_LEASED,
                    TOO_MANY_LEASES,
                    KEPT_FOR_FASTER,
                    UNRECOGNIZED -> Optional.empty();
        };
    }
}
