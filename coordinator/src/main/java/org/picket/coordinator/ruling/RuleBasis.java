package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.ruling.Basis.Side;
import org.picket.proto.limit.FixedPoint;

/// Why a rule holds: walks the condition itself, not the program compiled from it. Slower, and only for
/// findings. Scores that a further bundle has not given are doubted.
record RuleBasis(Condition when, Map<String, Integer> index) {

    /// Whether the condition holds for the highest score of each concept over the views.
    boolean holds(ViewScores scores) {
        return new Walk(index, scores).holds(when, true);
    }

    /// The tests that make the condition true, in the order of the text, each once.
    List<Basis> of(ViewScores scores) {
        var found = new ArrayList<Basis>();
        new Walk(index, scores).collect(when, true, true, found);
        return found.stream().distinct().limit(CompiledPolicy.BASIS_LIMIT).toList();
    }

    /// How many tests are passed, so that views can be compared by how near a rule comes to hold on them.
    int passed(ViewScores scores) {
        var found = new ArrayList<Basis>();
        new Walk(index, scores).collect(when, true, true, found);
        return found.size();
    }

    /// One walk over one object's scores.
    record Walk(Map<String, Integer> index, ViewScores scores) {

        /// @param outcome the parts that came out so are told
        /// @param positive whether the condition being true speaks for the whole
        void collect(Condition condition, boolean outcome, boolean positive, List<Basis> into) {
            switch (condition) {
                case Condition.ScoreTest test -> into.add(basis(test.concept(), test.gte(), outcome));
                case Condition.FurtherTest test -> {
                    // Where it was never scored, nothing rests on it.
                    if (index.containsKey(FurtherTests.key(test))) {
                        into.add(basis(FurtherTests.key(test), test.gte(), outcome));
                    }
                }
                case Condition.GroupTest group -> collect(group.members(), outcome, positive, into);
                case Condition.CountTest count ->
                    Tally.of(count, this::highest).lines().stream()
                            .filter(line ->
                                    outcome ? line.counts() : line.step().isEmpty())
                            .forEach(line -> into.add(basis(
                                    line.member().concept(),
                                    line.step()
                                            .orElse(line.member().steps().getLast())
                                            .gte(),
                                    outcome)));
                case Condition.Named named -> collect(named.when(), outcome, positive, into);
                case Condition.Gated gated -> collect(List.of(gated.gate(), gated.then()), outcome, positive, into);
                case Condition.Either either -> {
                    boolean first = holds(either.when(), positive);
                    collect(either.when(), first, first == positive, into);
                    collect(first ? either.then() : either.otherwise(), outcome, positive, into);
                }
                case Condition.All all -> collect(all.parts(), outcome, positive, into);
                case Condition.Any any -> collect(any.parts(), outcome, positive, into);
                case Condition.None none -> collect(none.parts(), !outcome, !positive, into);
            }
        }

        /// Those parts that came out so.
        private void collect(List<? extends Condition> parts, boolean outcome, boolean positive, List<Basis> into) {
            for (var part : parts) {
                if (holds(part, positive) == outcome) {
                    collect(part, outcome, positive, into);
                }
            }
        }

        boolean holds(Condition condition, boolean positive) {
            return switch (condition) {
                case Condition.ScoreTest test -> highest(test.concept()) >= FixedPoint.atLeast(test.gte());
                case Condition.FurtherTest test ->
                    index.containsKey(FurtherTests.key(test))
                            ? highest(FurtherTests.key(test)) >= FixedPoint.atLeast(test.gte())
                            : !positive;
                case Condition.GroupTest group ->
                    group.members().stream()
                                    .filter(member -> holds(member, positive))
                                    .count()
                            >= group.atLeast();
                case Condition.CountTest count -> Tally.of(count, this::highest).sum() >= count.atLeast();
                case Condition.Named named -> holds(named.when(), positive);
                case Condition.Gated gated -> holds(gated.gate(), positive) && holds(gated.then(), positive);
                case Condition.Either either ->
                    holds(either.when(), positive) && holds(either.then(), positive)
                            || !holds(either.when(), !positive) && holds(either.otherwise(), positive);
                case Condition.All all -> all.parts().stream().allMatch(part -> holds(part, positive));
                case Condition.Any any -> any.parts().stream().anyMatch(part -> holds(part, positive));
                case Condition.None none -> none.parts().stream().noneMatch(part -> holds(part, !positive));
            };
        }

        private Basis basis(String concept, double gte, boolean outcome) {
            return new Basis(
                    concept, FixedPoint.toDouble((short) highest(concept)), gte, outcome ? Side.REACHED : Side.BELOW);
        }

        private int highest(String concept) {
            return scores.highest(index.get(concept));
        }
    }
}
