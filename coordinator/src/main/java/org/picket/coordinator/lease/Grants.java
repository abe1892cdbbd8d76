package org.picket.coordinator.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.picket.coordinator.feed.AgentPace;
import org.picket.coordinator.feed.AgentPaces;
import org.picket.coordinator.feed.Asking;
import org.picket.coordinator.feed.Equipment;
import org.picket.coordinator.feed.Feeds;
import org.picket.coordinator.feed.Granting;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.v1.NoLease;
import org.picket.runtime.time.TimeSource;

/// Makes leases for agents that ask for work, as many as each may hold.
///
/// Safe for any number of threads.
final class Grants {
    /// However an agent asks, it asks no more often than this.
    private static final Duration COME_BACK = Duration.ofSeconds(1);

    private final Means means;
    private final LeaseSettings settings;
    private final TimeSource time;
    private final Semaphore waiters;

    /// What makes a lease.
    record Means(LeaseTable table, Feeds feeds, Operators operators, AgentPaces paces, Halts halts) {}

    Grants(Means means, LeaseSettings settings, TimeSource time) {
        this.means = means;
        this.settings = settings;
        this.time = time;
        this.waiters = new Semaphore(settings.waiters());
    }

    /// Requests that wait for work.
    int waiting() {
        return settings.waiters() - waiters.availablePermits();
    }

    /// Waits for work.
    ///
    /// @param has what the agent has to work with
    /// @param settling of this coordinator
    Acquired acquire(Asker asker, Equipment has, Settling settling, Duration wait) throws InterruptedException {
        Member agent = asker.agent();
        if (means.halts().drained().contains(agent.id())) {
            return Acquired.None.drained();
        }
        LeaseTable table = means.table();
        Optional<Acquired.None> refusal = table.reserve(agent.id(), time.now());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Acquired acquired = Acquired.None.because(NoLease.Reason.ALL_LEASED, "too many agents wait for work already");
        try {
            means.operators().seen(agent);
            if (waiters.tryAcquire()) {
                acquired = take(asker, has, settling, wait);
            }
        } finally {
            if (acquired instanceof Acquired.None) {
                table.release(agent.id());
            }
        }
        return acquired;
    }

    private Acquired take(Asker asker, Equipment has, Settling settling, Duration wait) throws InterruptedException {
        AgentPace pace = means.paces().of(asker.agent());
        Halts halts = means.halts();
        Granting granting =
                new Granting(settling::over, terms -> halts.of(terms).isPresent(), halts.drained()::contains);
        Asking asking = Asking.by(asker.agent(), has, pace, granting);
        Instant asked = time.now();
        boolean granted = false;
        try {
            pace.asks(asking, asked);
            return switch (means.feeds().await(asking, wait)) {
                case Feeds.Next.Nothing(NoLease.Reason reason, String detail) -> none(reason, detail, asked);
                case Feeds.Next.Shard(ClaimedShard shard, StorageTerms terms) -> {
                    Instant now = time.now();
                    Lease lease = new Lease(shard, terms, asker, pace, now, now.plus(settings.ttl()));
                    means.table().add(lease);
                    granted = true;
                    yield new Acquired.Granted(lease);
                }
            };
        } finally {
            pace.answered(granted, time.now());
            waiters.release();
        }
    }

    /// Whoever has waited here need not wait elsewhere, where no shard finds it.
    private Acquired.None none(NoLease.Reason reason, String detail, Instant asked) {
        Acquired.None none = Acquired.None.because(reason, detail);
        Duration left = COME_BACK.minus(Duration.between(asked, time.now()));
        return none.comeBack().equals(COME_BACK)
                ? new Acquired.None(reason, left.isNegative() ? Duration.ZERO : left, detail)
                : none;
    }
}
