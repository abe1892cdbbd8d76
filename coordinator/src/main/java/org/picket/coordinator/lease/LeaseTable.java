package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.shard.Fence;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Leases that live, when they end unless renewed, and how the last ones ended.
///
/// Safe for any number of threads: each method holds the table's own lock for a moment, and calls nobody.
final class LeaseTable {
    /// Ended leases whose end is remembered, so that a late caller hears what became of its own.
    static final int REMEMBERED = 65_536;

    private static final double MILLIS = 1e3;

    private final Map<LeaseId, Lease> leases = new HashMap<>();
    private final Map<MemberId, Map<LeaseId, Lease>> byAgent = new HashMap<>();
    /// Places of agents, those of leases among them.
    private final Map<MemberId, Integer> held = new HashMap<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparing(Deadline::at));
    private final Map<LeaseId, Ended> ended = remembering();
    /// When leases ended of which their agents have not heard so, the latest last.
    private final LinkedHashMap<LeaseId, Instant> unheard = remembering();

    private final Quotas quotas;
    private final long[] ends = new long[LeaseEnd.values().length];
    private long granted;

    LeaseTable(Quotas quotas) {
        this.quotas = quotas;
    }

    private static <V> LinkedHashMap<LeaseId, V> remembering() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<LeaseId, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    private record Deadline(Instant at, Lease lease) {}

    private record Ended(MemberId agent, LeaseEnd how) {}

    /// Keeps a place for a lease, so that an agent that waits in many calls at once gets no more than one that
    /// does not.
    ///
    /// @return empty: it is filled by [#add] or given up by [#release]; else why there is none
    synchronized Optional<Acquired.None> reserve(MemberId agent, Instant now) {
        Optional<Acquired.None> refusal = quotas.refusal(agent, held.getOrDefault(agent, 0), now);
        if (refusal.isEmpty()) {
            held.merge(agent, 1, Integer::sum);
        }
        return refusal;
    }

    /// The most leases that an agent may hold now.
    synchronized int quota(MemberId agent) {
        return quotas.of(agent);
    }

    /// Leases that an agent holds.
    synchronized int held(MemberId agent) {
        return byAgent.getOrDefault(agent, Map.of()).size();
    }

    /// The leases of an agent.
    synchronized List<Lease> of(MemberId agent) {
        return List.copyOf(byAgent.getOrDefault(agent, Map.of()).values());
    }

    synchronized void release(MemberId agent) {
        held.merge(agent, -1, (a, b) -> a + b == 0 ? null : a + b);
    }

    /// Adds a lease in the place reserved for it.
    synchronized void add(Lease lease) {
        granted++;
        leases.put(lease.fence().lease(), lease);
        byAgent.computeIfAbsent(lease.agent().id(), _ -> new HashMap<>())
                .put(lease.fence().lease(), lease);
        deadlines.add(new Deadline(lease.expiresAt(), lease));
    }

    /// What an agent hears that calls about its lease.
    synchronized Held find(Fence fence, Member agent) {
        Lease lease = leases.get(fence.lease());
        if (lease != null && lease.fence().equals(fence) && lease.agent().id().equals(agent.id())) {
            return new Held.Current(lease);
        }
        Ended end = ended.get(fence.lease());
        if (end == null || !end.agent().equals(agent.id())) {
            return new Held.Lost(LeaseEnd.SUPERSEDED);
        }
        unheard.remove(fence.lease());
        return new Held.Lost(end.how());
    }

    /// The agent of a lease that has ended hears so, or will not call about it any more.
    synchronized void heard(Lease lease) {
        unheard.remove(lease.fence().lease());
    }

    synchronized Optional<Lease> find(Fence fence) {
        return Optional.ofNullable(leases.get(fence.lease()))
                .filter(lease -> lease.fence().equals(fence));
    }

    synchronized void remove(Lease lease, LeaseEnd how, Instant now) {
        if (leases.remove(lease.fence().lease()) == null) {
            return;
        }
        byAgent.computeIfPresent(lease.agent().id(), (_, own) -> {
            own.remove(lease.fence().lease());
            return own.isEmpty() ? null : own;
        });
        ends[how.ordinal()]++;
        release(lease.agent().id());
        quotas.ended(lease.agent().id(), how, lease.ruled() > 0, now);
        ended.put(lease.fence().lease(), new Ended(lease.agent().id(), how));
        if (!how.known()) {
            unheard.put(lease.fence().lease(), now);
        }
    }

    /// Leases that were granted, all together.
    synchronized long granted() {
        return granted;
    }

    /// Leases that ended like that, all together.
    synchronized long ended(LeaseEnd how) {
        return ends[how.ordinal()];
    }

    /// When the oldest of those that live was granted.
    synchronized Optional<Instant> oldest() {
        return leases.values().stream().map(Lease::grantedAt).min(Comparator.naturalOrder());
    }

    /// Objects of a listing that are leased and not ruled.
    synchronized long left(ListingId listing) {
        return leases.values().stream()
                .filter(lease -> lease.shard().key().listing().equals(listing))
                .mapToLong(Lease::left)
                .sum();
    }

    /// Whether an agent counts on something here: it holds a lease, is about to get one, or has lost one after that
    /// time and not heard so.
    synchronized boolean countedOn(Instant since) {
        return !held.isEmpty()
                || !unheard.isEmpty() && unheard.lastEntry().getValue().isAfter(since);
    }

    synchronized int size() {
        return leases.size();
    }

    synchronized List<Lease> all() {
        return List.copyOf(leases.values());
    }

    /// Leases that have not been renewed in time. Those stay in the table until they are removed.
    synchronized List<Lease> expired(Instant now, int limit) {
        List<Lease> expired = new ArrayList<>();
        while (expired.size() < limit
                && !deadlines.isEmpty()
                && !deadlines.peek().at().isAfter(now)) {
            Lease lease = deadlines.poll().lease();
            if (lease.end().isPresent()) {
                continue;
            }
            if (lease.expiresAt().isAfter(now)) {
                deadlines.add(new Deadline(lease.expiresAt(), lease));
            } else {
                expired.add(lease);
            }
        }
        return expired;
    }

    /// Puts leases back that could not be ended now.
    synchronized void again(Collection<Lease> lease) {
        lease.forEach(each -> deadlines.add(new Deadline(each.expiresAt(), each)));
    }

    /// Says what leases have to tell.
    void meters(Meters meters, TimeSource time) {
        meters.gauge("picket_leases", "Leases that live.", this::size);
        meters.gauge(
                "picket_oldest_lease_seconds",
                "Age of the oldest lease that lives; 0 where none does.",
                () -> oldest().map(granted ->
                                        Duration.between(granted, time.now()).toMillis())
                                .orElse(0L)
                        / MILLIS);
        meters.counter("picket_leases_granted_total", "Leases that were granted.", this::granted);
        for (LeaseEnd end : LeaseEnd.values()) {
            meters.counter(
                    "picket_leases_ended_total", "Leases that ended, by how.", () -> ended(end), Label.of("end", end));
        }
    }
}
