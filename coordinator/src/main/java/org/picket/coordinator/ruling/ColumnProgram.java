package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.proto.limit.FixedPoint;

/// A condition that is worked out for many objects at once: every step goes over whole columns of integers, in
/// loops without branches that the virtual machine turns into vector instructions.
///
/// A mask has -1 (all bits) where something is true and 0 where it is not. Immutable once compiled; safe for
/// any thread.
sealed interface ColumnProgram {

    /// Works the condition out.
    ///
    /// @param columns scores by concept, each of at least `size`
    /// @param masks scratch space; [#masks] of them from `at` on may be changed
    /// @param at the mask that takes the result
    void run(int[][] columns, int size, int[][] masks, int at);

    /// How many masks it needs, the one for the result included.
    int masks();

    /// The concepts that it asks.
    void concepts(boolean[] asked);

    /// Compiles a condition.
    ///
    /// @param hoping whether a further bundle's missing scores are taken to make it true; else to make it false
    static ColumnProgram compile(Condition condition, Map<String, Integer> index, boolean hoping) {
        return new Compiler(index, hoping).compile(condition, true);
    }

    /// From conditions to programs.
    record Compiler(Map<String, Integer> index, boolean hoping) {
        private ColumnProgram compile(Condition condition, boolean positive) {
            return switch (condition) {
                case Condition.ScoreTest test -> test(test);
                case Condition.FurtherTest test ->
                    index.containsKey(FurtherTests.key(test))
                            ? new Test(index.get(FurtherTests.key(test)), FixedPoint.atLeast(test.gte()))
                            : new Constant(hoping == positive ? -1 : 0);
                case Condition.GroupTest group ->
                    new Sum(group.members().stream().map(this::test).toList(), group.atLeast());
                case Condition.CountTest count -> count(count);
                case Condition.Named named -> compile(named.when(), positive);
                case Condition.Gated gated ->
                    new Both(List.of(compile(gated.gate(), positive), compile(gated.then(), positive)));
                case Condition.Either either ->
                    new OneOf(List.of(
                            new Both(List.of(compile(either.when(), positive), compile(either.then(), positive))),
                            new Both(List.of(
                                    new Not(compile(either.when(), !positive)),
                                    compile(either.otherwise(), positive)))));
                case Condition.All all -> new Both(compile(all.parts(), positive));
                case Condition.Any any -> new OneOf(compile(any.parts(), positive));
                case Condition.None none -> new Not(new OneOf(compile(none.parts(), !positive)));
            };
        }

        private List<ColumnProgram> compile(List<Condition> parts, boolean positive) {
            return parts.stream().map(part -> compile(part, positive)).toList();
        }

        private Test test(Condition.ScoreTest test) {
            return new Test(index.get(test.concept()), FixedPoint.atLeast(test.gte()));
        }

        private Weighted count(Condition.CountTest count) {
            var steps = new ArrayList<Weighted.Step>();
            for (int i = 0; i < count.members().size(); i++) {
                var member = count.members().get(i);
                boolean last = i == count.members().size() - 1
                        || count.members().get(i + 1).set() != member.set();
                for (int j = 0; j < member.steps().size(); j++) {
                    var step = member.steps().get(j);
                    steps.add(new Weighted.Step(
                            new Test(index.get(member.concept()), FixedPoint.atLeast(step.gte())),
                            step.counts(),
                            last && j == member.steps().size() - 1));
                }
            }
            return new Weighted(steps, count.atLeast());
        }
    }

    /// A score reaches a threshold.
    record Test(int concept, int least) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            var scores = columns[concept];
            var out = masks[at];
            int below = least - 1;
            for (int i = 0; i < size; i++) {
                out[i] = below - scores[i] >> 31;
            }
        }

        @Override
        public int masks() {
            return 1;
        }

        @Override
        public void concepts(boolean[] asked) {
            asked[concept] = true;
        }
    }

    /// Always the same.
    record Constant(int mask) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            Arrays.fill(masks[at], 0, size, mask);
        }

        @Override
        public int masks() {
            return 1;
        }

        @Override
        public void concepts(boolean[] asked) {
            // None.
        }
    }

    /// At least so many of the tests are passed.
    record Sum(List<Test> tests, int atLeast) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            var sum = masks[at];
            Arrays.fill(sum, 0, size, 0);
            for (var test : tests) {
                var scores = columns[test.concept()];
                int below = test.least() - 1;
                for (int i = 0; i < size; i++) {
                    sum[i] += below - scores[i] >>> 31;
                }
            }
            Masks.atLeast(sum, size, atLeast);
        }

        @Override
        public int masks() {
            return 1;
        }

        @Override
        public void concepts(boolean[] asked) {
            tests.forEach(test -> test.concepts(asked));
        }
    }

    /// Steps that are reached count at least so much, each set by the step that counts most.
    record Weighted(List<Step> steps, int atLeast) implements ColumnProgram {

        /// @param ends whether the next step is of another set
        record Step(Test test, int counts, boolean ends) {}

        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            var sum = masks[at];
            var best = masks[at + 1];
            Arrays.fill(sum, 0, size, 0);
            Arrays.fill(best, 0, size, 0);
            for (var step : steps) {
                var scores = columns[step.test().concept()];
                int below = step.test().least() - 1;
                int counts = step.counts();
                for (int i = 0; i < size; i++) {
                    best[i] = Math.max(best[i], below - scores[i] >> 31 & counts);
                }
                if (step.ends()) {
                    for (int i = 0; i < size; i++) {
                        sum[i] += best[i];
                        best[i] = 0;
                    }
                }
            }
            Masks.atLeast(sum, size, atLeast);
        }

        @Override
        public int masks() {
            return 2;
        }

        @Override
        public void concepts(boolean[] asked) {
            steps.forEach(step -> step.test().concepts(asked));
        }
    }

    /// All parts are true. Stops where no object is left.
    record Both(List<ColumnProgram> parts) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            var out = masks[at];
            Arrays.fill(out, 0, size, -1);
            for (int part = 0; part < parts.size() && (part == 0 || Masks.any(out, size)); part++) {
                parts.get(part).run(columns, size, masks, at + 1);
                var more = masks[at + 1];
                for (int i = 0; i < size; i++) {
                    out[i] &= more[i];
                }
            }
        }

        @Override
        public int masks() {
            return 1 + Masks.most(parts);
        }

        @Override
        public void concepts(boolean[] asked) {
            parts.forEach(part -> part.concepts(asked));
        }
    }

    /// At least one part is true.
    record OneOf(List<ColumnProgram> parts) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            var out = masks[at];
            Arrays.fill(out, 0, size, 0);
            for (var part : parts) {
                part.run(columns, size, masks, at + 1);
                var more = masks[at + 1];
                for (int i = 0; i < size; i++) {
                    out[i] |= more[i];
                }
            }
        }

        @Override
        public int masks() {
            return 1 + Masks.most(parts);
        }

        @Override
        public void concepts(boolean[] asked) {
            parts.forEach(part -> part.concepts(asked));
        }
    }

    /// The part is not true.
    record Not(ColumnProgram part) implements ColumnProgram {
        @Override
        public void run(int[][] columns, int size, int[][] masks, int at) {
            part.run(columns, size, masks, at);
            var out = masks[at];
            for (int i = 0; i < size; i++) {
                out[i] = ~out[i];
            }
        }

        @Override
        public int masks() {
            return part.masks();
        }

        @Override
        public void concepts(boolean[] asked) {
            part.concepts(asked);
        }
    }
}
