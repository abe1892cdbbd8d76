package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.MemberId;

/// How fast the agents are that ask for work here, and what they could do together.
///
/// Safe for any number of threads. All agents are looked at once a second for each listing that is near its
/// end.
public final class AgentPaces {
    /// For so many times as long as a lease lives an operator of whom nothing is heard may come back: several
    /// coordinators are asked by turns, and who has a lease of another one is silent here.
    private static final int AWAY_TTLS = 5;

    private final Duration longestKept;
    private final Duration away;
    private final ToLongFunction<ListingId> leased;
    /// As many as there are members.
    private final ConcurrentHashMap<MemberId, AgentPace> agents = new ConcurrentHashMap<>();

    /// @param ttl how long a lease lives without a heartbeat
    /// @param leased objects of a listing that are leased and not ruled
    public AgentPaces(Duration ttl, ToLongFunction<ListingId> leased) {
        this.longestKept = ttl.dividedBy(2);
        this.away = ttl.multipliedBy(AWAY_TTLS);
        this.leased = leased;
    }

    /// What is known of an agent, which asks for work.
    public AgentPace of(Member agent) {
        return agents.computeIfAbsent(agent.id(), _ -> new AgentPace());
    }

    /// What is known of an agent that has asked for work here.
    public Optional<AgentStanding> standing(MemberId agent) {
        return Optional.ofNullable(agents.get(agent))
                .flatMap(pace -> pace.asking()
                        .map(asking -> new AgentStanding(
                                asking.has(),
                                pace.pace().objectsPerSecond(),
                                pace.pace().proven())));
    }

    /// What an agent of this fleet works off, in objects/s: what the middle one of the proven agents was
    /// measured at, or says of itself as long as none was; 0 while unknown. One agent alone does not move it
    /// far.
    public double objectsPerSecond() {
        double measured = PaceRules.median(agents.values().stream().mapToDouble(AgentPace::measured));
        return measured > 0
                ? measured
                : PaceRules.median(agents.values().stream().mapToDouble(AgentPace::word));
    }

    /// An agent may ask no more.
    public void gone(MemberId agent) {
        agents.remove(agent);
    }

    /// Proven agents that have nothing to do.
    ///
    /// @param but whoever holds something
    public List<AgentPace> idle(Set<MemberId> but, Instant now) {
        return agents.entrySet().stream()
                .filter(each -> !but.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .filter(agent -> agent.pace().proven() && agent.idle(now))
                .toList();
    }

    /// The longest that a shard is kept from anybody: who is silent for so long is not waited for.
    Duration longestKept() {
        return longestKept;
    }

    /// Whose agents were here of late and may have shards of a storage on these terms that wait for one bundle.
    ///
    /// @param reaches whether an agent gets the storage's views, as far as is known
    Set<OwnerId> operators(StorageTerms terms, ByteString bundle, Predicate<MemberId> reaches, Instant now) {
        Instant since = now.minus(away);
        return agents.entrySet().stream()
                .filter(each -> each.getValue().present(since) && reaches.test(each.getKey()))
                .flatMap(each -> each.getValue().asking().stream())
                .filter(asking -> asking.may(terms, bundle))
                .map(Asking::operator)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What proven agents that are there could do for a listing on these terms.
    PaceRules.Rest rest(ListingId listing, StorageTerms terms, Instant now) {
        Instant since = now.minus(longestKept);
        return PaceRules.rest(
                agents.values().stream()
                        .filter(agent -> agent.present(since) && agent.may(terms))
                        .map(AgentPace::pace)
                        .toList(),
                leased.applyAsLong(listing));
    }
}
