package org.picket.coordinator.shard;

import java.util.HashSet;
import java.util.Set;
import org.picket.coordinator.fleet.OwnerId;

/// The life of a shard. Pure.
///
/// When a lease fails, the next one gets half of what was left, until the object at fault stands alone; a half
/// that succeeds is followed by the other half, and that, where it succeeds too, by twice as much. So one bad
/// object among n costs at most log2 n failures to find, and three more to be sure of.
public final class ShardRules {
    /// Failures of an object standing alone before it is called poison.
    public static final int ATTEMPTS = 3;

    /// Distinct owners among them, where the fleet has as many.
    public static final int OWNERS = 3;

    /// Where owners were to be had but none is there beside those that failed, it is poison after so many failures all
    /// the same.
    public static final int MOST_ATTEMPTS = 9;

    /// Where others are there and never take it, it is poison after so many failures at last. It was kept for them
    /// before each of these, longer each time, which makes hours: who works on the storage at all came by.
    public static final int LAST_ATTEMPT = 27;

    /// From this many objects on, the rest is leased whole.
    static final int WHOLE = 2_048;

    private ShardRules() {}

    /// Applies a command.
    public static ShardDecision apply(ShardState state, ShardCommand command) {
        return switch (state) {
            case ShardState.Ruled() -> refused(ShardDecision.Why.RULED);
            case ShardState.Open(Trial trial) ->
                switch (command) {
                    case ShardCommand.Claim(Fence fence) -> next(new ShardState.Leased(trial, fence));
                    case ShardCommand.Rule _, ShardCommand.Fail _, ShardCommand.Return _ ->
                        refused(ShardDecision.Why.NOT_LEASED);
                };
            case ShardState.Leased leased ->
                switch (command) {
                    case ShardCommand.Claim _ -> refused(ShardDecision.Why.NOT_OPEN);
                    case ShardCommand.Rule rule -> fenced(leased, rule.fence(), ruled(leased, rule));
                    case ShardCommand.Fail fail -> fenced(leased, fail.fence(), failed(leased, fail));
                    case ShardCommand.Return(Fence fence) ->
                        fenced(leased, fence, next(new ShardState.Open(leased.trial())));
                };
        };
    }

    private static ShardDecision ruled(ShardState.Leased leased, ShardCommand.Rule rule) {
        if (rule.shardOver()) {
            return next(new ShardState.Ruled());
        }
        if (rule.leaseOver()) {
            return next(new ShardState.Open(leased.trial().afterSuccess()));
        }
        return next(new ShardState.Leased(leased.trial().afterProgress(), leased.fence()));
    }

    private static ShardDecision failed(ShardState.Leased leased, ShardCommand.Fail fail) {
        Trial trial = leased.trial();
        if (fail.unruled() == 0) {
            return next(new ShardState.Open(trial));
        }
        int left = Math.max(fail.left(), fail.unruled());
        if (left > 1) {
            return next(new ShardState.Open(Trial.of((left + 1) / 2)));
        }
        Set<OwnerId> owners = new HashSet<>(trial.failedOwners());
        owners.add(fail.owner());
        int attempts = trial.attempts() + 1;
        return sure(attempts, owners, fail)
                ? new ShardDecision.Poison(new ShardState.Open(Trial.of(2)))
                : next(new ShardState.Open(new Trial(1, attempts, owners, 0)));
    }

    private static boolean sure(int attempts, Set<OwnerId> owners, ShardCommand.Fail fail) {
        return attempts >= LAST_ATTEMPT
                || attempts >= MOST_ATTEMPTS && owners.containsAll(fail.there())
                || attempts >= ATTEMPTS && owners.size() >= Math.min(OWNERS, fail.owners());
    }

    private static ShardDecision fenced(ShardState.Leased leased, Fence fence, ShardDecision decision) {
        return leased.fence().equals(fence) ? decision : refused(ShardDecision.Why.WRONG_FENCE);
    }

    private static ShardDecision next(ShardState state) {
        return new ShardDecision.Next(state);
    }

    private static ShardDecision refused(ShardDecision.Why why) {
        return new ShardDecision.Refused(why);
    }
}
