package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyParsed;

/// The whole language under random conditions, policies and scores: three ways of working a rule out agree, and
/// rules that call themselves monotone are.
class RuleLanguageTest {
    private static final int CONCEPTS = 6;
    private static final List<String> NAMES = List.of("c0", "c1", "c2", "c3", "c4", "c5");
    private static final Map<String, Integer> INDEX = Map.of("c0", 0, "c1", 1, "c2", 2, "c3", 3, "c4", 4, "c5", 5);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261122);

    private String concept() {
        return NAMES.get(random.nextInt(CONCEPTS));
    }

    private double threshold() {
        return random.nextInt(-3, 4) / 4.0;
    }

    private Condition.CountTest count() {
        var members = new ArrayList<Condition.Counted>();
        int set = 0;
        int most = 0;
        int best = 0;
        for (int i = 0; i < 2 + random.nextInt(5); i++) {
            if (random.nextBoolean()) {
                set++;
                best = 0;
            }
            var steps = new ArrayList<Condition.Step>();
            for (int counts = 3; counts > 0; counts--) {
                if (counts == 1 || random.nextInt(3) == 0) {
                    steps.add(new Condition.Step(threshold(), counts));
                }
            }
            members.add(new Condition.Counted(concept(), steps, set));
            most += Math.max(0, steps.getFirst().counts() - best);
            best = Math.max(best, steps.getFirst().counts());
        }
        return new Condition.CountTest("g", 1 + random.nextInt(most), members);
    }

    private Condition condition(int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return random.nextInt(8) == 0
                    ? new Condition.FurtherTest("other", "x", 0)
                    : new ScoreTest(concept(), threshold());
        }
        var parts = new ArrayList<Condition>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            parts.add(condition(depth - 1));
        }
        return switch (random.nextInt(7)) {
            case 0 -> count();
            case 1 -> new Condition.Named("n", parts.getFirst());
            case 2 -> new Condition.Gated(parts.getFirst(), parts.getLast());
            case 3 -> new Condition.Either(condition(depth - 1), parts.getFirst(), parts.getLast());
            case 4 -> new Condition.All(parts);
            case 5 -> new Condition.Any(parts);
            default -> new Condition.None(parts);
        };
    }

    private short score() {
        // Often exactly at a threshold or one step below it.
        return (short) (random.nextInt(-4, 5) * 4096 - random.nextInt(2));
    }

    private ScoreBlock block(int objects) {
        var views = new int[objects];
        int all = 0;
        for (int i = 0; i < objects; i++) {
            views[i] = random.nextInt(4);
            all += views[i];
        }
        var scores = new short[all * CONCEPTS];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score();
        }
        return new ScoreBlock(CONCEPTS, new long[objects], views, scores);
    }

    @Test
    void threeWaysOfWorkingARuleOutAgree() {
        int held = 0;
        for (int i = 0; i < 3_000; i++) {
            var condition = condition(4);
            var program = RuleProgram.compile(condition, INDEX);
            var basis = new RuleBasis(condition, INDEX);
            var columns = ColumnProgram.compile(condition, INDEX, false);
            int size = 1 + random.nextInt(20);
            var q = new short[size * CONCEPTS];
            var byConcept = new int[CONCEPTS][size];
            for (int object = 0; object < size; object++) {
                for (int concept = 0; concept < CONCEPTS; concept++) {
                    q[object * CONCEPTS + concept] = score();
                    byConcept[concept][object] = q[object * CONCEPTS + concept];
                }
            }
            var masks = new int[columns.masks()][size];
            columns.run(byConcept, size, masks, 0);
            for (int object = 0; object < size; object++) {
                boolean expected = basis.holds(new ViewScores(q, object * CONCEPTS, 1, CONCEPTS));
                held += expected ? 1 : 0;
                assertEquals(expected, program.holdsOn(q, object * CONCEPTS), condition::toString);
                assertEquals(expected ? -1 : 0, masks[0][object], condition::toString);
            }
        }
        assertTrue(held > 5_000, "both outcomes are seen often: " + held);
    }

    @Test
    void doubtIsNeverWrongAndHopeNeverMissesIt() {
        for (int i = 0; i < 3_000; i++) {
            var condition = condition(4);
            var doubting = RuleProgram.compile(condition, INDEX);
            var hoping = RuleProgram.hoping(condition, INDEX);
            for (int j = 0; j < 10; j++) {
                var q = new short[CONCEPTS];
                for (int concept = 0; concept < CONCEPTS; concept++) {
                    q[concept] = score();
                }
                for (boolean further : new boolean[] {true, false}) {
                    boolean truth =
                            new RuleBasis(with(condition, further), INDEX).holds(new ViewScores(q, 0, 1, CONCEPTS));
                    assertTrue(!doubting.holdsOn(q, 0) || truth, condition::toString);
                    assertTrue(hoping.holdsOn(q, 0) || !truth, condition::toString);
                }
            }
        }
    }

    /// The condition with every further test come out so.
    private static Condition with(Condition condition, boolean further) {
        return switch (condition) {
            case ScoreTest test -> test;
            case Condition.FurtherTest _ -> further ? new Condition.All(List.of()) : new Condition.Any(List.of());
            case Condition.GroupTest group -> group;
            case Condition.CountTest count -> count;
            case Condition.Named named -> new Condition.Named(named.context(), with(named.when(), further));
            case Condition.Gated gated -> new Condition.Gated(with(gated.gate(), further), with(gated.then(), further));
            case Condition.Either either ->
                new Condition.Either(
                        with(either.when(), further), with(either.then(), further), with(either.otherwise(), further));
            case Condition.All all ->
                new Condition.All(
                        all.parts().stream().map(part -> with(part, further)).toList());
            case Condition.Any any ->
                new Condition.Any(
                        any.parts().stream().map(part -> with(part, further)).toList());
            case Condition.None none ->
                new Condition.None(
                        none.parts().stream().map(part -> with(part, further)).toList());
        };
    }

    /// A policy's text that uses every part of the language, with random numbers.
    private String text(boolean positive) {
        var text = new StringBuilder("id: \"p\" version: 1\n");
        text.append("prefixes { id: \"kinds\" prefix { text: \"c\" } }\n");
        text.append("scale { concept: [\"c0\", \"c1\"] tier { name: \"low\" gte: ")
                .append(threshold() / 2 + 0.1)
                .append(" } tier { name: \"high\" above: \"low\" plus: 0.25 } }\n");
        text.append("group { id: \"plain\" member { concept: \"c0\" gte: 0.1 } member { concept: \"c1\" gte: ")
                .append(threshold())
                .append(" } member { concept: \"c2\" gte: 0.2 } }\n");
        text.append("group { id: \"kind\" prefixes: \"kinds\" variants_once: true gte: ")
                .append(threshold())
                .append(" member { concept: \"3\" } member { concept: \"4\" } member { concept: \"5\" }")
                .append(" exclusive { concept: [\"3\", \"5\"] }");
        text.append(positive ? "" : " override { context: \"odd\" gte: 0.3 member { concept: \"2\" } }")
                .append(" }\n");
        text.append("group { id: \"scaled\" member { concept: \"c0\" } member { concept: \"c1\" } }\n");
        text.append("context { id: \"odd\" when { concept: \"c5\" gte: ")
                .append(threshold())
                .append(" }");
        text.append(positive ? "" : " unless { concept: \"c4\" gte: 0.5 }").append(" }\n");
        text.append("adjust { concept: \"c1\" group: \"kind\" add: ")
                .append(positive ? 0.3 : threshold() + 0.1)
                .append(" when { concept: \"c2\" gte: ")
                .append(threshold())
                .append(" } }\n");
        text.append("adjust { concept: [\"c1\", \"c2\"] add: ")
                .append(positive ? 1.5 : -1.5)
                .append(" when { group: \"plain\" at_least: 2 } }\n");
        text.append("further { bundle: \"more\" concept: \"x\" when { context: \"odd\" } }\n");
        if (!positive) {
            text.append("rule { id: \"first\" category: \"a\" all { concept: \"c0\" gte: 0.75 }")
                    .append(" all { bundle: \"more\" concept: \"x\" gte: 0.5 } }\n");
            text.append("rule { id: \"none\" category: \"b\" all { concept: \"c1\" gte: 0.2 }")
                    .append(" none { group: \"kind\" } outcome: UNDECIDED }\n");
        }
        text.append("rule { id: \"count\" category: \"c\" all { group: \"scaled\" tier: \"low\" toward: \"high\"")
                .append(" fraction: 0.4 at_least: 2 weight { tier: \"high\" counts: 2 } } near: 0.25 }\n");
        text.append("rule { id: \"kind\" category: \"d\" gate { context: \"odd\" } all { group: \"kind\" at_least: ")
                .append(positive ? 2 : 1)
                .append(" } }\n");
        text.append("rule { id: \"plain\" category: \"e\" all { group: \"plain\" at_least: 2 } near: 0.1 }\n");
        if (random.nextBoolean()) {
            text.append("views { aggregate: K_OF_N k: ")
                    .append(1 + random.nextInt(3))
                    .append(" }\n");
        }
        return text.toString();
    }

    private CompiledPolicy policy(boolean positive) {
        while (true) {
            // A rule that holds without scores is refused: then other numbers are tried.
            if (Policy.parse(text(positive), Path.of(".")) instanceof PolicyParsed.Valid(Policy policy)) {
                return CompiledPolicy.of(policy, NAMES);
            }
        }
    }

    @Test
    void wholeBlocksComeOutAsTheirObjectsDo() {
        var seen = new int[8];
        for (int i = 0; i < 300; i++) {
            var policy = policy(false);
            var rules = new ColumnRules(policy);
            var columns = new ScoreColumns();
            for (int j = 0; j < 5; j++) {
                var block = block(random.nextInt(80));
                columns.read(block.encode());
                var decided = rules.decide(columns);
                int scored = 0;
                for (int object = 0; object < block.objects(); object++) {
                    if (block.views(object) > 0) {
                        int expected = policy.decide(block.scores(), block.offset(object), block.views(object));
                        assertEquals(expected, decided[scored++], policy.policy()::selfContained);
                        seen[
                                switch (policy.decision(expected)) {
                                    case Decision.Nothing _ -> 0;
                                    case Decision.Holds(int rule) -> 1 + rule;
                                    case Decision.Nearly _ -> 6;
                                    case Decision.Waits _ -> 7;
                                }]++;
                    }
                }
                assertEquals(scored, columns.objects());
            }
        }
        assertEquals(0, seen[1], "what asks a further bundle is never sure to hold");
        for (int i = 0; i < seen.length; i++) {
            assertTrue(i == 1 || seen[i] > 100, "every kind is seen often: " + Arrays.toString(seen));
        }
    }

    @Test
    void noRiseOfAScoreMakesAMonotoneRuleFalse() {
        int raised = 0;
        for (int i = 0; i < 300; i++) {
            var policy = policy(true);
            policy.policy().rules().forEach(rule -> assertTrue(policy.policy().monotone(rule)));
            for (int j = 0; j < 100; j++) {
                int views = 1 + random.nextInt(3);
                var q = new short[views * CONCEPTS];
                for (int at = 0; at < q.length; at++) {
                    q[at] = score();
                }
                var before = standings(policy, new ViewScores(q.clone(), 0, views, CONCEPTS));
                int at = random.nextInt(q.length);
                q[at] = (short) random.nextInt(q[at], Short.MAX_VALUE + 1);
                var after = standings(policy, new ViewScores(q, 0, views, CONCEPTS));
                for (int rule = 0; rule < before.size(); rule++) {
                    if (before.get(rule)) {
                        raised++;
                        assertTrue(after.get(rule), policy.policy()::selfContained);
                    }
                }
            }
        }
        assertTrue(raised > 5_000, "rules hold often: " + raised);
    }

    private static List<Boolean> standings(CompiledPolicy policy, ViewScores scores) {
        return Explainer.explain(policy, scores).rules().stream()
                .map(rule -> rule.standing() == Explanation.ExplainedRule.Standing.HOLDS)
                .toList();
    }

    @Test
    void explanationsAgreeWithTheDecision() {
        for (int i = 0; i < 200; i++) {
            var policy = policy(false);
            for (int j = 0; j < 20; j++) {
                int views = 1 + random.nextInt(3);
                var q = new short[views * CONCEPTS];
                for (int at = 0; at < q.length; at++) {
                    q[at] = score();
                }
                var explained = Explainer.explain(policy, new ViewScores(q, 0, views, CONCEPTS));
                assertEquals(policy.decision(policy.decide(q, 0, views)), explained.decision());
                for (var rule : explained.rules()) {
                    boolean holds = rule.standing() == Explanation.ExplainedRule.Standing.HOLDS;
                    if (explained.viewsNeeded() == 0) {
                        assertEquals(holds, rule.why().holds());
                    } else {
                        assertEquals(holds, rule.held() >= Math.min(views, explained.viewsNeeded()));
                    }
                }
            }
        }
    }
}
