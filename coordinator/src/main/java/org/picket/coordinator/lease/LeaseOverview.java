package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.coordinator.feed.AgentPaces;
import org.picket.coordinator.feed.AgentStanding;
import org.picket.coordinator.feed.Feeds;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckReason;
import org.picket.coordinator.feed.StuckShard;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.time.TimeSource;

/// How leasing stands at this coordinator, from memory alone.
///
/// Safe for any number of threads.
public final class LeaseOverview {
    /// Agents whose last empty answer is remembered.
    private static final int REMEMBERED = 65_536;

    private final LeaseTable table;
    private final Feeds feeds;
    private final OtherTerms otherTerms;
    private final Operators operators;
    private final AgentPaces paces;
    private final Halts halts;
    private final TimeSource dated;
    private final TimeSource time;
    private final ConcurrentHashMap<MemberId, EmptyAnswer> empty = new ConcurrentHashMap<>();

    LeaseOverview(
            LeaseTable table,
            Feeds feeds,
            OtherTerms otherTerms,
            Operators operators,
            AgentPaces paces,
            Halts halts,
            TimeSource dated) {
        this.table = table;
        this.feeds = feeds;
        this.otherTerms = otherTerms;
        this.operators = operators;
        this.paces = paces;
        this.halts = halts;
        this.dated = dated;
        this.time = dated.steady();
    }

    /// An agent that asked for work got this.
    void answered(MemberId agent, Acquired acquired, Instant now) {
        switch (acquired) {
            case Acquired.Granted _ -> empty.remove(agent);
            case Acquired.None none -> {
                if (empty.size() < REMEMBERED || empty.containsKey(agent)) {
                    empty.put(agent, new EmptyAnswer(none.reason(), none.detail(), now));
                }
            }
        }
    }

    /// Leases that live, the oldest first.
    public List<LeaseStanding> leases() {
        Instant now = time.now();
        Map<StorageId, Set<MemberId>> crawlers = new HashMap<>();
        return table.all().stream()
                .sorted(Comparator.comparing(Lease::grantedAt))
                .map(lease ->
                        lease.standing(crawlers.computeIfAbsent(lease.terms().storage(), halts.suppliers()), now))
                .toList();
    }

    /// Leases that a member holds; of a crawler those that live of its storages.
    public int held(Member member) {
        return switch (member.role()) {
            case AGENT -> table.held(member.id());
            case CRAWLER ->
                (int) table.all().stream()
                        .map(Lease::terms)
                        .filter(terms -> halts.supplies(member, terms.storage(), terms.owner()))
                        .count();
            case ADMINISTRATOR, STEWARD -> 0;
        };
    }

    /// Why the agent's last request for work brought none; empty: it brought a lease, or was never made.
    public Optional<EmptyAnswer> empty(MemberId agent) {
        return Optional.ofNullable(empty.get(agent))
                .map(answer -> new EmptyAnswer(answer.reason(), answer.detail(), dated(answer.at())));
    }

    /// What is known of an agent; empty: it has not asked for work here.
    public Optional<AgentStanding> agent(MemberId agent) {
        return paces.standing(agent);
    }

    /// Leases that an agent may hold at once now.
    public int quota(MemberId agent) {
        return table.quota(agent);
    }

    /// Why work on a listing stands still, where it does.
    public List<Stuck> stuck(ListingId listing) {
        List<Stuck> stuck = new ArrayList<>(feeds.stuck(listing));
        Optional<StorageTerms> terms = feeds.terms(listing);
        int open = feeds.listing(listing).map(of -> of.intake().shardsOpen()).orElse(0);
        terms.flatMap(operators::missing)
                .map(why -> new Stuck(StuckReason.CIRCLE_AWAY, open, why))
                .ifPresent(stuck::add);
        terms.flatMap(halts::reason)
                .map(why -> new Stuck(StuckReason.CRAWLER_DRAINED, open, why))
                .ifPresent(stuck::add);
        return stuck;
    }

    /// Shards of a listing that got no objects from their crawler, by number.
    public List<StuckShard> stuckShards(ListingId listing) {
        return feeds.stuckShards(listing).stream()
                .map(shard -> new StuckShard(shard.number(), shard.leases(), dated(shard.again())))
                .toList();
    }

    /// An instant of the steady clock, by the database's.
    private Instant dated(Instant at) {
        return dated.now().plus(Duration.between(time.now(), at));
    }

    /// Whether nothing more is granted.
    public boolean draining() {
        return feeds.draining();
    }

    /// Other coordinators that live.
    public int otherCoordinators() {
        return otherTerms.count();
    }
}
