package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.ruling.Basis.Side;
import org.picket.proto.limit.FixedPoint;

/// Why a rule holds: walks the condition itself, not the program compiled from it. Slower, and only for
/// findings.
record RuleBasis(Condition when, Map<String, Integer> index) {

    /// Whether the condition holds for the highest score of each concept over the views.
    boolean holds(ViewScores scores) {
        return holds(when, scores);
    }

    /// The tests that make the condition true, in the order of the text, each once.
    List<Basis> of(ViewScores scores) {
        var found = new ArrayList<Basis>();
        collect(when, true, scores, found);
        return found.stream().distinct().limit(CompiledPolicy.BASIS_LIMIT).toList();
    }

    private void collect(Condition condition, boolean outcome, ViewScores scores, List<Basis> into) {
        switch (condition) {
            case Condition.ScoreTest test ->
                into.add(new Basis(
                        test.concept(),
                        FixedPoint.toDouble(highest(test.concept(), scores)),
                        test.gte(),
                        outcome ? Side.REACHED : Side.BELOW));
            case Condition.GroupTest group -> collect(group.members(), outcome, scores, into);
            case Condition.All all -> collect(all.parts(), outcome, scores, into);
            case Condition.Any any -> collect(any.parts(), outcome, scores, into);
            case Condition.None none -> collect(none.parts(), !outcome, scores, into);
        }
    }

    /// Those parts that came out so.
    private void collect(List<? extends Condition> parts, boolean outcome, ViewScores scores, List<Basis> into) {
        for (var part : parts) {
            if (holds(part, scores) == outcome) {
                collect(part, outcome, scores, into);
            }
        }
    }

    private boolean holds(Condition condition, ViewScores scores) {
        return switch (condition) {
            case Condition.ScoreTest test -> highest(test.concept(), scores) >= FixedPoint.atLeast(test.gte());
            case Condition.GroupTest group ->
                group.members().stream().filter(member -> holds(member, scores)).count() >= group.atLeast();
            case Condition.All all -> all.parts().stream().allMatch(part -> holds(part, scores));
            case Condition.Any any -> any.parts().stream().anyMatch(part -> holds(part, scores));
            case Condition.None none -> none.parts().stream().noneMatch(part -> holds(part, scores));
        };
    }

    private short highest(String concept, ViewScores scores) {
        int place = index.get(concept);
        int highest = Short.MIN_VALUE;
        for (int view = 0; view < scores.views(); view++) {
            highest = Math.max(highest, scores.at(view, place));
        }
        return (short) highest;
    }
}
