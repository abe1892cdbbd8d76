package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ShardKey;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;

/// Knows how fast agents are, and which leases hold up the end of a listing.
///
/// Safe for any number of threads. It looks at all agents once a second for each listing that is near its end, and
/// at all leases once a second while a listing has no shard left to lease.
final class Stragglers {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final int REMEMBERED = 4_096;

    private final LeaseTable table;
    private final Duration ttl;
    /// As many as there are members.
    private final ConcurrentHashMap<MemberId, AgentPace> agents = new ConcurrentHashMap<>();

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
    Stragglers(LeaseTable table, Duration ttl) {
        this.table = table;
        this.ttl = ttl;
    }

    /// A listing of which no shard is left to be leased, and nothing more comes.
    record Dry(ListingId listing, StorageTerms terms) {}

    /// What is known of an agent, which asks for work.
    AgentPace of(Member agent) {
        return agents.computeIfAbsent(agent.id(), _ -> new AgentPace());
    }

    /// What is known of an agent that has asked for work here.
    Optional<AgentStanding> standing(MemberId agent) {
        return Optional.ofNullable(agents.get(agent))
                .flatMap(pace -> pace.asking()
                        .map(asking -> new AgentStanding(
                                asking.has(),
                                pace.pace().objectsPerSecond(),
                                pace.pace().proven())));
    }

    /// What an agent of this fleet works off, in objects/s: what the middle one of the proven agents was measured at,
    /// or says of itself as long as none was; 0 while unknown. One agent alone does not move it far.
    double objectsPerSecond() {
        double measured = StragglerRules.median(agents.values().stream().mapToDouble(AgentPace::measured));
        return measured > 0
                ? measured
                : StragglerRules.median(agents.values().stream().mapToDouble(AgentPace::word));
    }

    /// A lease of an agent is over.
    void ended(Lease lease, LeaseEnd how) {
        lease.pace().ended(how);
        if (how == LeaseEnd.CALLED_OFF) {
            calledOff.add(lease.shard().key());
        }
    }

    void gone(MemberId agent) {
        agents.remove(agent);
    }

    /// Agents of which something is known.
    int known() {
        return agents.size();
    }

    /// The longest that a shard is kept from anybody: who is silent for so long is not waited for.
    Duration longestKept() {
        return ttl.dividedBy(2);
    }

    /// What proven agents that are there could do for a listing on these terms.
    StragglerRules.Rest rest(ListingId listing, StorageTerms terms, Instant now) {
        Instant since = now.minus(longestKept());
        return StragglerRules.rest(
                agents.values().stream()
                        .filter(agent -> agent.present(since) && may(agent, terms))
                        .map(AgentPace::pace)
                        .toList(),
                table.left(listing));
    }

    private static boolean may(AgentPace agent, StorageTerms terms) {
        return agent.asking().filter(asking -> asking.may(terms)).isPresent();
    }

    /// Leases to be taken back for agents that have nothing to do, the latest first: for each of those one at most.
    synchronized Set<Lease> late(List<Dry> listings, Instant now) {
        if (listings.isEmpty() || lookedAt.plus(LOOK_EVERY).isAfter(now)) {
            return Set.of();
        }
        lookedAt = now;
        List<Lease> all = table.all();
        Map<MemberId, List<Lease>> byAgent = all.stream()
                .collect(Collectors.groupingBy(lease -> lease.agent().id()));
        Map<MemberId, AgentPace> idle = new HashMap<>(agents);
        idle.entrySet()
                .removeIf(each -> byAgent.containsKey(each.getKey())
                        || !each.getValue().pace().proven()
                        || !each.getValue().idle(now));
        Set<Lease> late = new HashSet<>();
        for (Dry listing : idle.isEmpty() ? List.<Dry>of() : listings) {
            List<AgentPace> able = idle.values().stream()
                    .filter(agent -> may(agent, listing.terms()))
                    .toList();
            late(all, byAgent, now, lease -> of(lease, listing), able).stream()
                    .limit(Math.max(0, able.size() - late.size()))
                    .forEach(late::add);
        }
        return late;
    }

    private boolean of(Lease lease, Dry listing) {
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
