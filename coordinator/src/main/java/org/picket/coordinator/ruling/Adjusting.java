package org.picket.coordinator.ruling;

import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Adjustment;

/// The adjustments of a policy, compiled. Immutable; safe for any thread.
final class Adjusting {
    private final RuleProgram[] when;
    private final int[] steps;
    private final int[][] places;

    Adjusting(List<Adjustment> adjustments, Map<String, Integer> index) {
        this.when = new RuleProgram[adjustments.size()];
        this.steps = new int[when.length];
        this.places = new int[when.length][];
        for (int i = 0; i < when.length; i++) {
            var adjustment = adjustments.get(i);
            when[i] = RuleProgram.compile(adjustment.when(), index);
            steps[i] = adjustment.steps();
            places[i] = adjustment.concepts().stream().mapToInt(index::get).toArray();
        }
    }

    boolean none() {
        return when.length == 0;
    }

    int count() {
        return when.length;
    }

    /// Whether the condition of number `adjustment` is true of the view whose scores begin at `from`.
    boolean holds(int adjustment, short[] q, int from) {
        return when[adjustment].holdsOn(q, from);
    }

    /// The scores of one view as rules see them, as a new array: what is added to one score is summed before it
    /// is held within the range, so that the order of adjustments never matters.
    short[] view(short[] q, int from, int concepts) {
        var sums = new int[concepts];
        for (int i = 0; i < concepts; i++) {
            sums[i] = q[from + i];
        }
        for (int i = 0; i < when.length; i++) {
            if (when[i].holdsOn(q, from)) {
                for (int place : places[i]) {
                    sums[place] += steps[i];
                }
            }
        }
        var seen = new short[concepts];
        for (int i = 0; i < concepts; i++) {
            seen[i] = (short) Math.clamp(sums[i], Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return seen;
    }
}
