package org.picket.coordinator.feed;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.coordinator.share.LaneTurns;
import org.picket.proto.id.ListingId;

/// The feeds of all open listings, and whose turn it is: lanes by their shares of what the asking agent does, sites by
/// their weights, listings of a site one after the other. Guarded by the lock of [Feeds]. The database is asked for
/// nothing but a storage's terms, every two seconds ([StorageDirectory]).
final class FeedTurns {
    private final StorageDirectory storages;
    private final AgentPaces paces;
    private final ToDoubleFunction<OwnerId> weight;
    private final LaneTurns turns = new LaneTurns();
    private final Reach reach = new Reach();
    private final Map<ListingId, Feed> feeds = new LinkedHashMap<>();

    /// @param paces tell for whom a shard is kept
    /// @param weight of a site against the others, positive
    FeedTurns(StorageDirectory storages, AgentPaces paces, ToDoubleFunction<OwnerId> weight) {
        this.paces = paces;
        this.storages = storages;
        this.weight = weight;
    }

    Optional<Feed> find(ListingId listing) {
        return Optional.ofNullable(feeds.get(listing));
    }

    Collection<Feed> all() {
        return feeds.values();
    }

    Set<ListingId> listings() {
        return Set.copyOf(feeds.keySet());
    }

    void add(Feed feed) {
        feeds.put(feed.listing().id(), feed);
    }

    void remove(ListingId listing) {
        Optional.ofNullable(feeds.remove(listing))
                .ifPresent(feed -> reach.forget(feed.terms().storage()));
    }

    /// Whether there is a shard at hand for anybody.
    boolean any() {
        return feeds.values().stream().anyMatch(Feed::hasAny);
    }

    /// Whether there is a shard at hand that an agent can scan.
    boolean any(Asking agent) {
        return feeds.values().stream().anyMatch(feed -> feed.hasAny() && feed.hasFor(agent.able(feed.terms())));
    }

    /// Whether there may be something to claim, for whomever.
    boolean claimable(Instant now) {
        return feeds.values().stream().anyMatch(feed -> feed.claimable(now));
    }

    /// The next shard for an agent.
    Optional<Feeds.Next> take(Asking agent, Instant now) {
        for (Feed feed : byTurns(agent)) {
            Optional<StorageTerms> terms = feed.serves(agent.able(feed.terms())) && inReach(feed, agent, now)
                    ? current(feed).filter(agent::gets)
                    : Optional.empty();
            Optional<ClaimedShard> shard = terms.flatMap(present -> feed.take(agent, presence(present, now)));
            if (shard.isPresent()) {
                OwnerId site = feed.terms().owner();
                feed.used(now);
                turns.served(
                        agent.pace().lanes(),
                        feed.lane(),
                        site,
                        shard.get().leaseObjects(),
                        weight.applyAsDouble(site));
                rotate(feed);
                return Optional.of(new Feeds.Next.Shard(shard.get(), terms.get()));
            }
        }
        return Optional.empty();
    }

    /// Where to claim for an agent.
    ///
    /// @param atHand of a listing that has no more shards than this at hand; by its size
    Optional<Feed> claimable(Asking agent, ToIntFunction<Feed> atHand, Instant now) {
        for (Feed feed : byTurns(agent)) {
            if (feed.claimable(agent.able(feed.terms()), atHand.applyAsInt(feed), now)
                    && inReach(feed, agent, now)
                    && current(feed).filter(agent::gets).isPresent()) {
                feed.mark();
                return Optional.of(feed);
            }
        }
        return Optional.empty();
    }

    private boolean inReach(Feed feed, Asking agent, Instant now) {
        return reach.open(feed.terms().storage(), agent.agent(), now);
    }

    /// Who is there, that may work on a storage on these terms.
    Presence presence(StorageTerms terms, Instant now) {
        return new Presence(paces, terms, agent -> reach.untroubled(terms.storage(), agent), now);
    }

    /// Which agents get which storages' views.
    Reach reach() {
        return reach;
    }

    /// Why there is nothing for an agent.
    Feeds.Next nothing(Asking agent, Instant now) {
        return agent.nothing(
                feeds.values(), feed -> current(feed).orElseGet(feed::terms), feed -> inReach(feed, agent, now), now);
    }

    /// The storage's present terms, where they are of the listing's epoch. Mode and allowlist may have changed
    /// since the listing began.
    Optional<StorageTerms> current(Feed feed) {
        return storages.find(feed.terms().storage())
                .filter(terms -> terms.epoch().equals(feed.terms().epoch()));
    }

    /// Listings in the order in which they are looked at.
    private Collection<Feed> byTurns(Asking agent) {
        if (feeds.size() < 2) {
            return feeds.values();
        }
        return turns.order(
                agent.pace().lanes(),
                feeds.values(),
                Feed::lane,
                feed -> feed.terms().owner());
    }

    /// The next grant looks at another listing of the site first.
    private void rotate(Feed feed) {
        if (feeds.size() > 1) {
            feeds.remove(feed.listing().id());
            feeds.put(feed.listing().id(), feed);
        }
    }
}
