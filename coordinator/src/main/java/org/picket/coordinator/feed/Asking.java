package org.picket.coordinator.feed;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.NoLease;

/// What an agent asks for.
///
/// @param agent that asks
/// @param operator who answers for it
/// @param has what it has to work with
/// @param pace how fast it is
/// @param accepted whether it is of the circle of a storage on these terms
/// @param granting what is granted just now
/// @param call by which it asks
public record Asking(
        MemberId agent,
        OwnerId operator,
        Equipment has,
        AgentPace pace,
        Predicate<StorageTerms> accepted,
        Granting granting,
        Context call) {
    /// What the agent behind the present call asks for.
    ///
    /// @param granting what is granted just now
    public static Asking by(Member agent, Equipment has, AgentPace pace, Granting granting) {
        return new Asking(
                agent.id(), agent.owner(), has, pace, terms -> terms.accepts(agent), granting, Context.current());
    }

    /// Whether it waits no more.
    boolean gone() {
        return call.isCancelled();
    }

    /// Whether it gets no further lease, of whatever storage.
    boolean drained() {
        return granting.drained().test(agent);
    }

    /// Whether leases of a storage on these terms may be granted to it.
    boolean gets(StorageTerms terms) {
        return accepted.test(terms)
                && settled(terms)
                && !drained()
                && !granting.halted().test(terms);
    }

    private boolean settled(StorageTerms terms) {
        return granting.settled().test(terms.storage());
    }

    /// Whether it may have shards of a listing on these terms, and can scan them.
    boolean may(StorageTerms terms) {
        return may(terms, terms.scoring().bundle().bytes());
    }

    /// As the other one, of shards that wait for one bundle.
    boolean may(StorageTerms terms, ByteString bundle) {
        return able(terms).contains(bundle) && gets(terms);
    }

    /// Bundles that it can run, of those that the terms may ask for.
    Set<ByteString> able(StorageTerms terms) {
        return has.able(terms);
    }

    /// Why there is nothing for it.
    ///
    /// @param feeds of all open listings
    /// @param terms the present ones
    /// @param inReach whether it gets a listing's views, as far as is known
    Feeds.Next.Nothing nothing(
            Collection<Feed> feeds, Function<Feed, StorageTerms> terms, Predicate<Feed> inReach, Instant now) {
        if (feeds.isEmpty()) {
            return new Feeds.Next.Nothing(NoLease.Reason.NOTHING_LISTED, "no storage is being scanned");
        }
        List<Feed> all =
                feeds.stream().filter(feed -> accepted.test(terms.apply(feed))).toList();
        if (all.isEmpty()) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.OUTSIDE_CIRCLE,
                    "no storage that is being scanned accepts this agent: a site's admin can take its operator, its"
                            + " region or its key into the circle");
        }
        List<Feed> open = all.stream()
                .filter(feed -> !granting.halted().test(terms.apply(feed)))
                .toList();
        if (open.isEmpty()) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.DRAINING,
                    "the coordinator's operator drains the crawlers of all storages that this agent could scan: no"
                            + " further lease of these is granted until they are resumed");
        }
        if (open.stream().noneMatch(feed -> settled(terms.apply(feed)))) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.ALL_LEASED, "this coordinator has just started, and crawlers have yet to find it");
        }
        List<Feed> own = open.stream()
                .filter(feed -> settled(terms.apply(feed)) && feed.serves(able(feed.terms())))
                .toList();
        if (!own.isEmpty() && own.stream().noneMatch(inReach)) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.ALL_LEASED,
                    "the views of all storages that it could scan were out of this agent's reach when it tried last;"
                            + " it may try again in some seconds");
        }
        if (open.stream().anyMatch(feed -> feed.keeps(this, now))) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.KEPT_FOR_FASTER,
                    "what is left to be leased is kept for agents that have shown that they would be done with it"
                            + " sooner, or for others than those that failed on it; if they do not come for it, this"
                            + " one gets it");
        }
        if (open.stream().anyMatch(feed -> feed.serves(able(feed.terms())))) {
            return new Feeds.Next.Nothing(
                    NoLease.Reason.ALL_LEASED,
                    "every shard listed so far is leased"
                            + (open.size() < all.size() ? ", but those of storages whose crawlers are drained" : ""));
        }
        return open.stream()
                .flatMap(feed -> has.lacking(feed.terms()).stream())
                .sorted()
                .findFirst()
                .map(lack -> new Feeds.Next.Nothing(
                        NoLease.Reason.INCAPABLE, "a bundle that storages are scanned with asks for more: " + lack))
                .orElseGet(() -> new Feeds.Next.Nothing(
                        NoLease.Reason.BUNDLE_MISSING, "storages are scanned with bundles that this agent lacks"));
    }
}
