package org.picket.coordinator.replay;

import java.util.HashMap;
import java.util.Map;

/// Counts pairs of decisions: what the policy in force makes of an object, and what another one does. Not
/// thread-safe: one for each worker, put together at the end.
final class Pairs {
    /// Most objects have the same decision before and after.
    private final long[] nothing = new long[1];
    private final Map<Long, long[]> counts = new HashMap<>();
    private long scored;

    /// @param before decisions by object, numbers as `CompiledPolicy.decide` tells them
    /// @param after likewise
    void add(int[] before, int[] after, int objects) {
        long same = 0;
        for (int i = 0; i < objects; i++) {
            if ((before[i] & after[i]) == -1) {
                same++;
            } else {
                counts.computeIfAbsent(key(before[i], after[i]), _ -> new long[1])[0]++;
            }
        }
        nothing[0] += same;
        scored += objects;
    }

    void add(Pairs other) {
        nothing[0] += other.nothing[0];
        other.counts.forEach((key, count) -> counts.computeIfAbsent(key, _ -> new long[1])[0] += count[0]);
        scored += other.scored;
    }

    private static long key(int before, int after) {
        return (long) before << Integer.SIZE | after & 0xffff_ffffL;
    }

    long scored() {
        return scored;
    }

    /// Takes each pair that was counted.
    interface Each {
        void accept(int before, int after, long count);
    }

    void each(Each each) {
        if (nothing[0] > 0) {
            each.accept(-1, -1, nothing[0]);
        }
        counts.forEach((key, count) -> each.accept((int) (key >> Integer.SIZE), (int) (long) key, count[0]));
    }
}
