package org.picket.coordinator.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.time.BackOff;

/// Storages whose views agents could not get: such an agent gets no lease of that storage for a while, longer after
/// each failure, and goes on with others meanwhile. All of them are offered it again at once where its crawler is
/// heard of, as if they had never failed, or supplies anybody, after it had supplied nobody.
///
/// Safe for any number of threads: each method holds its own lock for a moment, and calls nobody.
final class Reach {
    /// What the first failure costs.
    static final Duration FIRST = Duration.ofMillis(400);

    static final Duration LONGEST = Duration.ofSeconds(15);
    private static final BackOff BACK_OFF = new BackOff(FIRST, LONGEST);

    /// How often a crawler that says that it is there is believed: one that only says so would have all agents call
    /// wherever it names, again and again.
    static final Duration BELIEVED_EVERY = Duration.ofSeconds(2);

    /// Agents and storages that are out of each other's reach; what is beyond is tried as if nothing had failed.
    private static final int MOST = 65_536;

    private final Map<StorageId, Outage> outages = new HashMap<>();
    private int pairs;
    private volatile boolean untroubled = true;

    /// @param failures in a row
    private record Away(int failures, Instant until) {}

    private static final class Outage {
        private final Map<MemberId, Away> agents = new HashMap<>();
        /// Whether anybody has got views since the first of the agents did not.
        private boolean supplies;
        private Instant heardOf = Instant.MIN;
    }

    /// An agent could not get a storage's views.
    void failed(StorageId storage, MemberId agent, Instant now) {
        failed(storage, agent, now, ThreadLocalRandom.current().nextDouble());
    }

    /// As the other one.
    ///
    /// @param chance between 0 and 1: agents that lost one crawler do not all come back to it at once
    synchronized void failed(StorageId storage, MemberId agent, Instant now, double chance) {
        untroubled = false;
        Outage outage = outages.computeIfAbsent(storage, _ -> new Outage());
        Away before = outage.agents.get(agent);
        if (before == null) {
            if (pairs == MOST) {
                return;
            }
            pairs++;
            outage.supplies = false;
        }
        int failures = before == null ? 1 : before.failures() + 1;
        outage.agents.put(agent, new Away(failures, now.plus(BACK_OFF.jittered(failures, chance))));
    }

    /// Whether an agent may have a lease of a storage.
    boolean open(StorageId storage, MemberId agent, Instant now) {
        return untroubled || past(storage, agent, now);
    }

    private synchronized boolean past(StorageId storage, MemberId agent, Instant now) {
        Outage outage = outages.get(storage);
        Away away = outage == null ? null : outage.agents.get(agent);
        return away == null || !away.until().isAfter(now);
    }

    /// Whether nothing is known that keeps an agent from a storage's views.
    boolean untroubled(StorageId storage, MemberId agent) {
        return untroubled || none(storage, agent);
    }

    private synchronized boolean none(StorageId storage, MemberId agent) {
        Outage outage = outages.get(storage);
        return outage == null || !outage.agents.containsKey(agent);
    }

    /// An agent gets a storage's views.
    ///
    /// @return whether others may try again, too
    boolean supplied(StorageId storage, MemberId agent, Instant now) {
        return !untroubled && reached(storage, agent, now);
    }

    private synchronized boolean reached(StorageId storage, MemberId agent, Instant now) {
        Outage outage = outages.get(storage);
        if (outage == null) {
            return false;
        }
        if (outage.agents.remove(agent) != null) {
            pairs--;
        }
        if (outage.agents.isEmpty()) {
            outages.remove(storage);
            untroubled = outages.isEmpty();
            return false;
        }
        boolean first = !outage.supplies;
        outage.supplies = true;
        return first && again(outage, now);
    }

    /// A storage's crawler is heard of.
    ///
    /// @return whether agents may try again
    synchronized boolean heardOf(StorageId storage, Instant now) {
        Outage outage = outages.get(storage);
        boolean believed =
                outage != null && !outage.heardOf.plus(BELIEVED_EVERY).isAfter(now);
        if (believed) {
            outage.heardOf = now;
            // What failed before was the outage's: the next failure is a first one.
            outage.agents.replaceAll((_, _) -> new Away(0, now));
        }
        return believed;
    }

    /// Whose failures are their own is told by the next one: it counts on from the last.
    private static boolean again(Outage outage, Instant now) {
        outage.agents.replaceAll((_, away) -> new Away(away.failures(), now));
        return true;
    }

    /// A storage is scanned no more: what was remembered of it goes.
    synchronized void forget(StorageId storage) {
        Outage outage = outages.remove(storage);
        pairs -= outage == null ? 0 : outage.agents.size();
        untroubled = outages.isEmpty();
    }
}
