package org.picket.coordinator.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Rule;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Decision;

/// From counted pairs of decisions to what a person wants to know. Pure; for one use.
final class Differences {
    private static final int CLEARED = 0;
    private static final int FLAGGED = 1;
    private static final int INCONCLUSIVE = 2;
    private static final int WAITING = 3;

    private final CompiledPolicy before;
    private final CompiledPolicy after;
    private final Map<String, long[]> rules = new LinkedHashMap<>();
    private final long[] outcomesBefore = new long[4];
    private final long[] outcomesAfter = new long[4];
    private long newlyFlagged;
    private long noLongerFlagged;
    private long otherCategory;
    private long otherRule;

    private Differences(CompiledPolicy before, CompiledPolicy after) {
        this.before = before;
        this.after = after;
        before.policy().rules().forEach(rule -> rules.put(rule.id(), new long[2]));
        after.policy().rules().forEach(rule -> rules.putIfAbsent(rule.id(), new long[2]));
    }

    static Replayed.Diff of(CompiledPolicy before, CompiledPolicy after, Pairs pairs) {
        var differences = new Differences(before, after);
        pairs.each(differences::add);
        return differences.diff();
    }

    /// What a policy would do with an object.
    private record Made(int outcome, List<Rule> by) {}

    private static Made made(CompiledPolicy policy, int number) {
        return switch (policy.decision(number)) {
            case Decision.Nothing() -> new Made(CLEARED, List.of());
            case Decision.Holds(int rule) ->
                new Made(
                        switch (policy.rule(rule).outcome()) {
                            case FLAGGED -> FLAGGED;
                            case UNDECIDED -> INCONCLUSIVE;
                        },
                        List.of(policy.rule(rule)));
            case Decision.Nearly(int rule) -> new Made(INCONCLUSIVE, List.of(policy.rule(rule)));
            case Decision.Waits waits -> new Made(WAITING, List.of(policy.rule(waits.rule())));
        };
    }

    private void add(int numberBefore, int numberAfter, long count) {
        var was = made(before, numberBefore);
        var becomes = made(after, numberAfter);
        outcomesBefore[was.outcome()] += count;
        outcomesAfter[becomes.outcome()] += count;
        was.by().forEach(rule -> rules.get(rule.id())[0] += count);
        becomes.by().forEach(rule -> rules.get(rule.id())[1] += count);
        if (was.outcome() != FLAGGED && becomes.outcome() == FLAGGED) {
            newlyFlagged += count;
        } else if (was.outcome() == FLAGGED && becomes.outcome() != FLAGGED) {
            noLongerFlagged += count;
        } else if (was.outcome() == FLAGGED) {
            var ruleBefore = was.by().getFirst();
            var ruleAfter = becomes.by().getFirst();
            if (!ruleBefore.category().equals(ruleAfter.category())) {
                otherCategory += count;
            } else if (!ruleBefore.id().equals(ruleAfter.id())) {
                otherRule += count;
            }
        }
    }

    private Replayed.Diff diff() {
        var counts = new ArrayList<Replayed.RuleCount>();
        rules.forEach((id, count) -> counts.add(new Replayed.RuleCount(id, count[0], count[1])));
        return new Replayed.Diff(
                outcomes(outcomesBefore),
                outcomes(outcomesAfter),
                newlyFlagged,
                noLongerFlagged,
                otherCategory,
                otherRule,
                counts);
    }

    private static Replayed.Outcomes outcomes(long[] counts) {
        return new Replayed.Outcomes(
                counts[CLEARED], counts[FLAGGED], counts[INCONCLUSIVE] + counts[WAITING], counts[WAITING]);
    }
}
