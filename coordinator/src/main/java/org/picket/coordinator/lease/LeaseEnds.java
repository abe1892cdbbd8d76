package org.picket.coordinator.lease;

import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.coordinator.feed.Feeds;
import org.picket.coordinator.shard.ShardCommand;
import org.picket.coordinator.shard.ShardDecision;
import org.picket.coordinator.shard.ShardRules;
import org.picket.coordinator.shard.ShardState;
import org.picket.proto.id.MemberId;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends leases: what becomes of their shards, and who takes note of it.
///
/// Safe for any number of threads; whoever calls holds the lease's lock.
final class LeaseEnds {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseEnds.class);

    private final LeaseTable table;
    private final Feeds feeds;
    private final Stragglers stragglers;
    private final Operators operators;
    private final SystemRulings rulings;
    private final TimeSource time;
    private final LongAdder poisoned = new LongAdder();

    /// @param feeds take shards back
    /// @param rulings writes what needs no agent's word
    LeaseEnds(
            LeaseTable table,
            Feeds feeds,
            Stragglers stragglers,
            Operators operators,
            SystemRulings rulings,
            TimeSource time) {
        this.table = table;
        this.feeds = feeds;
        this.stragglers = stragglers;
        this.operators = operators;
        this.rulings = rulings;
        this.time = time;
    }

    /// Ends a lease before all of it is ruled.
    void end(Lease lease, LeaseEnd how) {
        ShardCommand command = switch (how) {
            case EXPIRED, STALLED, FAILED, ABANDONED -> failed(lease);
            case GIVEN_BACK, FORGOTTEN, REVOKED, SUPERSEDED, CALLED_OFF, COMPLETE ->
                new ShardCommand.Return(lease.fence());
        };
        // Where the agent was heard of no more, nothing tells against its crawler: the next one need not wait.
        boolean unsupplied = command instanceof ShardCommand.Fail && how != LeaseEnd.EXPIRED && lease.supplied() == 0;
        LOG.info(
                "shard {}: lease ended, {}, {} of {} objects ruled",
                lease.shard().key().id(),
                how,
                lease.ruled(),
                lease.shard().leaseObjects());
        switch (ShardRules.apply(lease.state(), command)) {
            case ShardDecision.Next(ShardState state) -> giveBack(lease, state, unsupplied);
            case ShardDecision.Poison(ShardState state) -> {
                if (rulings.poison(lease, state)) {
                    poisoned.increment();
                    feeds.opened(lease.shard(), false);
                } else {
                    giveBack(lease, new ShardState.Open(lease.state().trial()), false);
                }
            }
            case ShardDecision.Refused(ShardDecision.Why why) ->
                throw new IllegalStateException("a live lease's own command was refused: " + why);
        }
        over(lease, how);
    }

    private ShardCommand failed(Lease lease) {
        int left = Math.max(lease.unruled(), lease.shard().leaseObjects() - lease.ruled());
        return new ShardCommand.Fail(
                lease.fence(),
                lease.agent().owner(),
                lease.unruled(),
                left,
                operators.count(lease.terms()),
                left > 1
                        ? Set.of()
                        : feeds.operators(
                                lease.terms(), lease.scoring().bundle().bytes()));
    }

    /// Ends those leases of an agent that it knows nothing of any more. Where there is none, as with nearly every
    /// request for work, nothing is written: what others left is the sweeper's.
    void forgotten(MemberId agent, Holdings holdings) {
        boolean ended = false;
        for (Lease lease : table.of(agent)) {
            // One that is just reporting is left to the next request.
            if (holdings.forget(lease.fence().lease(), lease.asker().request())
                    && lease.lock().tryLock()) {
                try {
                    if (lease.end().isEmpty()) {
                        ended = true;
                        // Its views may be what the agent's process ended over; without any of them they are not.
                        end(lease, lease.supplied() > 0 ? LeaseEnd.ABANDONED : LeaseEnd.FORGOTTEN);
                    }
                } catch (RuntimeException e) {
                    LOG.warn(
                            "shard {}: its agent knows nothing of its lease, which cannot be ended now; the next"
                                    + " request for work tries again: {}",
                            lease.shard().key().id(),
                            DatabaseFault.traced(e));
                } finally {
                    lease.lock().unlock();
                }
            }
        }
        if (ended) {
            feeds.flush();
        }
    }

    private void giveBack(Lease lease, ShardState state, boolean unsupplied) {
        feeds.giveBack(lease.shard(), state, lease.past(), unsupplied);
    }

    /// A lease is over; its end is written or on its way.
    void over(Lease lease, LeaseEnd how) {
        lease.end(how);
        stragglers.ended(lease, how);
        table.remove(lease, how, time.now());
    }

    /// Ends a lease whose fence the database did not take: where the shard is still this lease's there, as
    /// after a commit of which the answer was lost, it is opened again.
    void lose(Lease lease, LeaseEnd how) {
        giveBack(lease, new ShardState.Open(lease.state().trial()), false);
        over(lease, how);
        feeds.flush();
    }

    /// Says what their ends have to tell.
    void meters(Meters meters) {
        meters.counter(
                "picket_objects_poisoned_total",
                "Objects that were given up since agents of several operators failed on them.",
                poisoned::sum);
    }
}
