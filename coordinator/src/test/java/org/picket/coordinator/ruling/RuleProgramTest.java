package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.policy.Condition.ScoreTest;

class RuleProgramTest {
    private static final int CONCEPTS = 6;
    private static final Map<String, Integer> INDEX = Map.of("0", 0, "1", 1, "2", 2, "3", 3, "4", 4, "5", 5);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261121);

    private ScoreTest test() {
        return new ScoreTest(String.valueOf(random.nextInt(CONCEPTS)), random.nextInt(-3, 4) / 4.0);
    }

    private Condition condition(int depth, boolean negations) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return test();
        }
        int parts = 1 + random.nextInt(4);
        if (random.nextInt(4) == 0) {
            var members = new ArrayList<ScoreTest>();
            for (int i = 0; i < parts + 2; i++) {
                members.add(test());
            }
            return new Condition.GroupTest("g", 1 + random.nextInt(members.size()), members);
        }
        var nested = new ArrayList<Condition>();
        for (int i = 0; i < parts; i++) {
            nested.add(condition(depth - 1, negations));
        }
        return switch (random.nextInt(negations ? 3 : 2)) {
            case 0 -> new Condition.All(nested);
            case 1 -> new Condition.Any(nested);
            default -> new Condition.None(nested);
        };
    }

    private ViewScores scores(int views) {
        var q = new short[3 + views * CONCEPTS];
        for (int i = 0; i < q.length; i++) {
            // Often exactly at a threshold or one step below it.
            q[i] = (short) (random.nextInt(-4, 5) * 4096 - random.nextInt(2));
        }
        return new ViewScores(q, 3, views, CONCEPTS);
    }

    private static boolean holds(RuleProgram program, ViewScores scores) {
        return program.holdsOnHighest(scores.q(), scores.from(), scores.views(), CONCEPTS);
    }

    @Test
    void programAgreesWithTheConditionItWasCompiledFrom() {
        int held = 0;
        for (int i = 0; i < 2000; i++) {
            var condition = condition(4, true);
            var program = RuleProgram.compile(condition, INDEX);
            var basis = new RuleBasis(condition, INDEX);
            for (int j = 0; j < 20; j++) {
                var scores = scores(1 + random.nextInt(3));
                boolean expected = basis.holds(scores);
                held += expected ? 1 : 0;
                assertEquals(expected, holds(program, scores), () -> condition.toString());
                if (scores.views() == 1) {
                    assertEquals(expected, program.holdsOn(scores.q(), scores.from()));
                }
            }
        }
        assertTrue(held > 5_000 && held < 35_000, "both outcomes are seen often: " + held);
    }

    @Test
    void raisingAScoreNeverClearsWhatPositiveRulesFlagged() {
        int flagged = 0;
        for (int i = 0; i < 2000; i++) {
            var condition = condition(4, false);
            var program = RuleProgram.compile(condition, INDEX);
            for (int j = 0; j < 20; j++) {
                var scores = scores(1 + random.nextInt(3));
                if (holds(program, scores)) {
                    flagged++;
                    int raised = scores.from() + random.nextInt(scores.views() * CONCEPTS);
                    scores.q()[raised] = (short) random.nextInt(scores.q()[raised], Short.MAX_VALUE + 1);
                    assertTrue(holds(program, scores), () -> condition.toString());
                }
            }
        }
        assertTrue(flagged > 5_000, "flagged often: " + flagged);
    }

    @Test
    void basisOfWhatHoldsIsMadeOfTestsThatComeOutAsTold() {
        for (int i = 0; i < 2000; i++) {
            var condition = condition(4, true);
            var basis = new RuleBasis(condition, INDEX);
            var scores = scores(2);
            if (basis.holds(scores)) {
                for (var each : basis.of(scores)) {
                    assertEquals(each.side() == Basis.Side.REACHED, each.score() >= each.threshold());
                }
            }
        }
    }

    @Test
    void countingTakesNoMoreTestsThanItsGrid() {
        var members = new ArrayList<ScoreTest>();
        for (int i = 0; i < 100; i++) {
            members.add(test());
        }
        for (int atLeast : List.of(1, 2, 50, 99, 100)) {
            var program = RuleProgram.compile(new Condition.GroupTest("g", atLeast, members), INDEX);
            assertEquals(atLeast * (100 - atLeast + 1), program.tests());
        }
    }
}
