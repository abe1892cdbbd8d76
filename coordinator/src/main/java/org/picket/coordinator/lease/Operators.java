package org.picket.coordinator.lease;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ShardRules;
import org.picket.proto.id.MemberId;

/// How many owners' agents work, as far as it matters: an object on which agents fail is given up once those of so
/// many owners did, and where fewer work, of all of them.
///
/// Safe for any number of threads.
public final class Operators {
    /// More than that are not told apart.
    static final int MOST = ShardRules.OWNERS;

    /// Those that have asked for work here; as many as there are members.
    private final ConcurrentHashMap<MemberId, Member> agents = new ConcurrentHashMap<>();

    private volatile Set<OwnerId> here = Set.of();
    private volatile Set<OwnerId> elsewhere = Set.of();

    /// An agent asks for work.
    void seen(Member agent) {
        agents.put(agent.id(), agent);
        if (!here.contains(agent.owner()) && here.size() < MOST) {
            add(agent.owner());
        }
    }

    /// An agent may ask no more.
    void gone(MemberId agent) {
        agents.remove(agent);
    }

    private synchronized void add(OwnerId owner) {
        Set<OwnerId> more = new HashSet<>(here);
        more.add(owner);
        here = more.size() > MOST ? here : Set.copyOf(more);
    }

    /// Those that were seen here.
    public Set<OwnerId> here() {
        return here;
    }

    /// Takes note of those that other coordinators have seen of late, or this one before its start.
    public void elsewhere(Set<OwnerId> others) {
        elsewhere = Set.copyOf(others);
    }

    /// How many there are whose agents may have leases of a storage on these terms. Of those that other coordinators
    /// have seen only the owners are known: in a circle they are not counted.
    int count(StorageTerms terms) {
        if (!terms.admission().circle().everyone()) {
            return ofCircle(terms);
        }
        Set<OwnerId> all = new HashSet<>(elsewhere);
        all.addAll(here);
        return all.size();
    }

    private int ofCircle(StorageTerms terms) {
        return (int) agents.values().stream()
                .filter(terms::accepts)
                .map(Member::owner)
                .distinct()
                .count();
    }

    /// Why nobody works on a storage on these terms, if that is since none of its circle has come.
    Optional<String> missing(StorageTerms terms) {
        return terms.admission().circle().everyone() || ofCircle(terms) > 0
                ? Optional.empty()
                : Optional.of("no agent of the storage's circle has asked for work here since the start: invite one, or"
                        + " let the crawler run with a wider --circle");
    }
}
