package org.picket.coordinator.ruling;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.proto.limit.FixedPoint;

/// A condition as a branching program: a graph of score tests without cycles, walked from its entry until it
/// ends in true or false. "At least n of m" becomes a grid of at most n·(m−n+1) tests whose rows count. Nothing
/// is allocated, and no test is made whose outcome does not matter.
///
/// Immutable once compiled; safe for any thread.
final class RuleProgram {
    private static final int TRUE = -1;
    private static final int FALSE = -2;

    /// Layout of one test: which score, the least q that passes, where to go if it passes, where if not.
    private static final int WIDTH = 4;

    private final Map<String, Integer> index;
    private int[] code = new int[16 * WIDTH];
    private int used;
    private final int entry;

    private RuleProgram(Condition condition, Map<String, Integer> index) {
        this.index = index;
        this.entry = build(condition, TRUE, FALSE);
        this.code = Arrays.copyOf(code, used);
    }

    /// @param index the place of each concept in a view's scores
    static RuleProgram compile(Condition condition, Map<String, Integer> index) {
        return new RuleProgram(condition, index);
    }

    int tests() {
        return used / WIDTH;
    }

    /// Whether the condition holds for the one view whose scores start at `from`.
    boolean holdsOn(short[] q, int from) {
        int at = entry;
        while (at >= 0) {
            at = q[from + code[at]] >= code[at + 1] ? code[at + 2] : code[at + 3];
        }
        return at == TRUE;
    }

    /// Whether the condition holds for the highest score of each concept over `views` views.
    boolean holdsOnHighest(short[] q, int from, int views, int concepts) {
        int at = entry;
        while (at >= 0) {
            int least = code[at + 1];
            int place = from + code[at];
            boolean passes = false;
            for (int view = 0; view < views && !passes; view++, place += concepts) {
                passes = q[place] >= least;
            }
            at = passes ? code[at + 2] : code[at + 3];
        }
        return at == TRUE;
    }

    /// Adds the tests of a condition and returns where they begin.
    private int build(Condition condition, int onTrue, int onFalse) {
        return switch (condition) {
            case Condition.ScoreTest test -> add(test, onTrue, onFalse);
            case Condition.GroupTest group -> count(group, onTrue, onFalse);
            case Condition.All all -> {
                int next = onTrue;
                for (var part : all.parts().reversed()) {
                    next = build(part, next, onFalse);
                }
                yield next;
            }
            case Condition.Any any -> any(any.parts(), onTrue, onFalse);
            case Condition.None none -> any(none.parts(), onFalse, onTrue);
        };
    }

    private int any(List<Condition> parts, int onTrue, int onFalse) {
        int next = onFalse;
        for (var part : parts.reversed()) {
            next = build(part, onTrue, next);
        }
        return next;
    }

    /// `starts[need]` is where to go on with members i, i+1, … when so many are still needed; built from the
    /// last member to the first.
    private int count(Condition.GroupTest group, int onTrue, int onFalse) {
        int size = group.members().size();
        var starts = new int[group.atLeast() + 1];
        Arrays.fill(starts, onFalse);
        starts[0] = onTrue;
        for (int i = size - 1; i >= 0; i--) {
            int left = size - i;
            // Downwards, because starts[need] looks at starts[need - 1] of the following member. Where more are needed
            // than are left the count has failed; where more could have been found than are needed it is elsewhere.
            for (int need = Math.min(group.atLeast(), left); need >= Math.max(1, group.atLeast() - i); need--) {
                starts[need] = add(group.members().get(i), starts[need - 1], starts[need]);
            }
        }
        return starts[group.atLeast()];
    }

    private int add(Condition.ScoreTest test, int onTrue, int onFalse) {
        if (used == code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        int at = used;
        code[at] = index.get(test.concept());
        code[at + 1] = FixedPoint.atLeast(test.gte());
        code[at + 2] = onTrue;
        code[at + 3] = onFalse;
        used += WIDTH;
        return at;
    }
}
