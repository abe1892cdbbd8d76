package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.policy.Condition.Counted;
import org.picket.coordinator.policy.Condition.Step;
import org.picket.proto.limit.FixedPoint;

/// A weighted count, member by member.
///
/// @param sum what those that count count together
record Tally(List<Line> lines, int sum) {

    /// One member.
    ///
    /// @param step the step that it reaches and that counts most; empty where it reaches none
    /// @param counts whether it counts: it reaches a step, and no other of its set counts in its place
    record Line(Counted member, int score, Optional<Step> step, boolean counts) {}

    /// @param scores the score of a concept, in fixed point
    static Tally of(Condition.CountTest test, ToIntFunction<String> scores) {
        var lines = new ArrayList<Line>();
        int sum = 0;
        int first = 0;
        for (int i = 0; i <= test.members().size(); i++) {
            if (i == test.members().size()
                    || test.members().get(i).set() != test.members().get(first).set()) {
                sum += keepStrongest(lines, first);
                first = i;
            }
            if (i < test.members().size()) {
                var member = test.members().get(i);
                int score = scores.applyAsInt(member.concept());
                lines.add(new Line(
                        member,
                        score,
                        member.steps().stream()
                                .filter(step -> score >= FixedPoint.atLeast(step.gte()))
                                .findFirst(),
                        false));
            }
        }
        return new Tally(List.copyOf(lines), sum);
    }

    /// Of the set that begins at `from`, marks the member that counts; returns what it counts.
    private static int keepStrongest(List<Line> lines, int from) {
        int best = -1;
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).step().isPresent() && (best < 0 || stronger(lines.get(i), lines.get(best)))) {
                best = i;
            }
        }
        if (best < 0) {
            return 0;
        }
        var kept = lines.get(best);
        lines.set(best, new Line(kept.member(), kept.score(), kept.step(), true));
        return weight(kept);
    }

    private static boolean stronger(Line one, Line other) {
        return weight(one) > weight(other) || weight(one) == weight(other) && one.score() > other.score();
    }

    private static int weight(Line line) {
        return line.step().map(Step::counts).orElse(0);
    }
}
