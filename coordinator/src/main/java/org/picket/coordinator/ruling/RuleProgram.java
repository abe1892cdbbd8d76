package org.picket.coordinator.ruling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.proto.limit.FixedPoint;

/// A condition as a branching program: a graph of score tests without cycles, walked from its entry until it
/// ends in true or false. "At least n of m" becomes a grid of at most n·(m−n+1) tests whose rows count. Nothing
/// is allocated, and no test is made whose outcome does not matter.
///
/// Of scores that a further bundle has not given, a program either doubts (it holds only if it does whatever
/// they are) or hopes (it holds if it may).
///
/// Immutable once compiled; safe for any thread.
final class RuleProgram {
    private static final int TRUE = -1;
    private static final int FALSE = -2;

    /// Layout of one test: which score, the least q that passes, where to go if it passes, where if not.
    private static final int WIDTH = 4;

    private final Map<String, Integer> index;
    private final boolean hoping;
    private int[] code = new int[16 * WIDTH];
    private int used;
    private final int entry;

    private RuleProgram(Condition condition, Map<String, Integer> index, boolean hoping) {
        this.index = index;
        this.hoping = hoping;
        this.entry = build(condition, new Exits(TRUE, FALSE, true));
        this.code = Arrays.copyOf(code, used);
    }

    /// Compiles a condition so that it doubts.
    ///
    /// @param index the place of each concept in a view's scores
    static RuleProgram compile(Condition condition, Map<String, Integer> index) {
        return new RuleProgram(condition, index, false);
    }

    /// Compiles a condition so that it hopes.
    static RuleProgram hoping(Condition condition, Map<String, Integer> index) {
        return new RuleProgram(condition, index, true);
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

    /// Where a condition goes on.
    ///
    /// @param positive whether its being true speaks for the whole
    private record Exits(int onTrue, int onFalse, boolean positive) {
        Exits withTrue(int other) {
            return new Exits(other, onFalse, positive);
        }

        Exits withFalse(int other) {
            return new Exits(onTrue, other, positive);
        }

        Exits swapped() {
            return new Exits(onFalse, onTrue, !positive);
        }
    }

    /// Adds the tests of a condition and returns where they begin.
    private int build(Condition condition, Exits exits) {
        return switch (condition) {
            case Condition.ScoreTest test -> add(test.concept(), test.gte(), exits.onTrue(), exits.onFalse());
            case Condition.FurtherTest test -> {
                String key = FurtherTests.key(test);
                if (index.containsKey(key)) {
                    yield add(key, test.gte(), exits.onTrue(), exits.onFalse());
                }
                yield hoping == exits.positive() ? exits.onTrue() : exits.onFalse();
            }
            case Condition.GroupTest group -> count(group, exits.onTrue(), exits.onFalse());
            case Condition.CountTest count -> new Counting(count.members(), exits).start(count.atLeast());
            case Condition.Named named -> build(named.when(), exits);
            case Condition.Gated gated -> build(gated.gate(), exits.withTrue(build(gated.then(), exits)));
            case Condition.Either either -> either(either, exits);
            case Condition.All all -> {
                var next = exits;
                for (var part : all.parts().reversed()) {
                    next = next.withTrue(build(part, next));
                }
                yield next.onTrue();
            }
            case Condition.Any any -> any(any.parts(), exits);
            case Condition.None none -> any(none.parts(), exits.swapped());
        };
    }

    private int any(List<Condition> parts, Exits exits) {
        var next = exits;
        for (var part : parts.reversed()) {
            next = next.withFalse(build(part, next));
        }
        return next.onFalse();
    }

    /// Tries the one, and where the context is not sure to hold or the one fails, the other where the context is
    /// sure not to.
    private int either(Condition.Either either, Exits exits) {
        int otherwise =
                build(new Condition.Gated(new Condition.None(List.of(either.when())), either.otherwise()), exits);
        return build(new Condition.Gated(either.when(), either.then()), exits.withFalse(otherwise));
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
            var member = group.members().get(i);
            // Downwards, because starts[need] looks at starts[need - 1] of the following member. Where more are needed
            // than are left the count has failed; where more could have been found than are needed it is elsewhere.
            for (int need = Math.min(group.atLeast(), left); need >= Math.max(1, group.atLeast() - i); need--) {
                starts[need] = add(member.concept(), member.gte(), starts[need - 1], starts[need]);
            }
        }
        return starts[group.atLeast()];
    }

    private int add(String concept, double gte, int onTrue, int onFalse) {
        if (used == code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        int at = used;
        code[at] = index.get(concept);
        code[at + 1] = FixedPoint.atLeast(gte);
        code[at + 2] = onTrue;
        code[at + 3] = onFalse;
        used += WIDTH;
        return at;
    }

    /// Builds a weighted count, each state of it once: so much is still needed from a member on, of whose set so
    /// much has been counted.
    private final class Counting {
        private final List<Condition.Counted> members;
        private final Exits exits;
        /// What can still be counted from each member on, were nothing of its set counted before.
        private final int[] most;
        private final Map<Long, Integer> built = new HashMap<>();

        Counting(List<Condition.Counted> members, Exits exits) {
            this.members = members;
            this.exits = exits;
            this.most = new int[members.size() + 1];
            int best = 0;
            for (int i = members.size() - 1; i >= 0; i--) {
                boolean last = i == members.size() - 1
                        || members.get(i + 1).set() != members.get(i).set();
                int before = last ? 0 : best;
                best = Math.max(before, members.get(i).most());
                most[i] = most[i + 1] + best - before;
            }
        }

        int start(int atLeast) {
            return state(0, atLeast, 0);
        }

        private int state(int member, int need, int counted) {
            if (need <= 0) {
                return exits.onTrue();
            }
            if (most[member] < need) {
                return exits.onFalse();
            }
            long key = ((long) member << 32) + ((long) need << 8) + counted;
            var known = built.get(key);
            if (known == null) {
                known = tests(member, need, counted);
                built.put(key, known);
            }
            return known;
        }

        private int tests(int member, int need, int counted) {
            var counting = members.get(member);
            int next = after(member, need, counted);
            for (var step : counting.steps().reversed()) {
                if (step.counts() > counted) {
                    int more = step.counts() - counted;
                    next = add(counting.concept(), step.gte(), after(member, need - more, step.counts()), next);
                }
            }
            return next;
        }

        private int after(int member, int need, int counted) {
            boolean last = member == members.size() - 1
                    || members.get(member + 1).set() != members.get(member).set();
            return state(member + 1, need, last ? 0 : counted);
        }
    }
}
