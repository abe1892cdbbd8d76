package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.picket.coordinator.feed.AgentPace;
import org.picket.coordinator.feed.AgentPaces;
import org.picket.coordinator.feed.Feeds;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.MemberId;

/// Knows which leases hold up the end of a listing.
///
/// Safe for any number of threads. It looks at all leases once a second while a listing has no shard left to
/// lease.
final class Stragglers {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final int REMEMBERED = 4_096;

    private final LeaseTable table;
    private final AgentPaces paces;
    private final Duration ttl;

    /// Shards of which a lease was called off: that is done once, for who else could not do it either, as where it does
    /// not reach the crawler, would take the shard from the slow agent again and again.
    private final Set<ShardKey> calledOff =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ShardKey, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            }));

    private Instant lookedAt = Instant.MIN;

    /// @param ttl how long a lease lives without a heartbeat
    Stragglers(LeaseTable table, AgentPaces paces, Duration ttl) {
        this.table = table;
        this.paces = paces;
        this.ttl = ttl;
    }

    /// A lease of an agent is over.
    void ended(Lease lease, LeaseEnd how) {
        switch (how) {
            case COMPLETE -> lease.pace().completed();
            case FAILED, EXPIRED, STALLED, ABANDONED -> lease.pace().failed();
            case GIVEN_BACK, FORGOTTEN, REVOKED, SUPERSEDED, CALLED_OFF -> {
                // Says nothing of how it works.
            }
        }
        if (how == LeaseEnd.CALLED_OFF) {
            calledOff.add(lease.shard().key());
        }
    }

    /// Leases to be taken back for agents that have nothing to do, the latest first: for each of those one at most.
    synchronized Set<Lease> late(List<Feeds.Dry> listings, Instant now) {
        if (listings.isEmpty() || lookedAt.plus(LOOK_EVERY).isAfter(now)) {
            return Set.of();
        }
        lookedAt = now;
        List<Lease> all = table.all();
        Map<MemberId, List<Lease>> byAgent = all.stream()
                .collect(Collectors.groupingBy(lease -> lease.agent().id()));
        List<AgentPace> idle = paces.idle(byAgent.keySet(), now);
        Set<Lease> late = new HashSet<>();
        for (Feeds.Dry listing : idle.isEmpty() ? List.<Feeds.Dry>of() : listings) {
            List<AgentPace> able =
                    idle.stream().filter(agent -> agent.may(listing.terms())).toList();
            late(all, byAgent, now, lease -> of(lease, listing), able).stream()
                    .limit(Math.max(0, able.size() - late.size()))
                    .forEach(late::add);
        }
        return late;
    }

    private boolean of(Lease lease, Feeds.Dry listing) {
        ShardKey shard = lease.shard().key();
        return shard.listing().equals(listing.listing())
                && lease.shard().followUp().isEmpty()
                && !calledOff.contains(shard);
    }

    private record Late(Lease lease, Duration gain) {}

    private List<Lease> late(
            List<Lease> all,
            Map<MemberId, List<Lease>> byAgent,
            Instant now,
            Predicate<Lease> which,
            List<AgentPace> idle) {
        double fastest = idle.stream()
                .mapToDouble(agent -> agent.pace().objectsPerSecond())
                .max()
                .orElse(0);
        List<Late> late = new ArrayList<>();
        for (Lease lease : all) {
            if (which.test(lease)) {
                long ahead = byAgent.get(lease.agent().id()).stream()
                        .mapToLong(Lease::unscored)
                        .sum();
                Optional<Duration> gain = StragglerRules.late(
                        new StragglerRules.Under(
                                lease.left(), ahead, lease.pace().pace(), Duration.between(lease.reportedAt(), now)),
                        fastest,
                        ttl.dividedBy(LeaseSettings.HEARTBEATS));
                gain.ifPresent(by -> late.add(new Late(lease, by)));
            }
        }
        return late.stream()
                .sorted(Comparator.comparing(Late::gain).reversed())
                .map(Late::lease)
                .toList();
    }
}
