package org.picket.coordinator.lease;

import java.util.HashSet;
import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.shard.ShardRules;

/// How many owners' agents work, as far as it matters: an object on which agents fail is given up once those of so
/// many owners did, and where fewer work, of all of them.
///
/// Safe for any number of threads.
public final class Operators {
    /// More than that are not told apart.
    static final int MOST = ShardRules.OWNERS;

    private volatile Set<OwnerId> here = Set.of();
    private volatile Set<OwnerId> elsewhere = Set.of();

    /// An agent of this owner asks for work.
    void seen(OwnerId owner) {
        if (!here.contains(owner) && here.size() < MOST) {
            add(owner);
        }
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

    /// How many there are.
    int count() {
        Set<OwnerId> all = new HashSet<>(elsewhere);
        all.addAll(here);
        return all.size();
    }
}
