package org.picket.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.coordinator.policy.PolicyTest.HEAD;
import static org.picket.coordinator.policy.PolicyTest.rule;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Condition.CountTest;
import org.picket.coordinator.policy.Condition.Counted;
import org.picket.coordinator.policy.Condition.GroupTest;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.coordinator.policy.Condition.Step;

/// The language beyond concepts with thresholds, as conditions come out of it.
class PolicyLanguageTest {
    private static final String TIERS = """
            scale { concept: ["a", "b"] tier { name: "low" gte: 0.2 } tier { name: "danger" above: "low" plus: 0.05 } }
            """;

    private static Policy valid(String text) {
        return PolicyTest.valid(HEAD + text, Path.of("."));
    }

    private static Condition first(String text) {
        return valid(text).rules().getFirst().when();
    }

    private static List<String> faults(String text) {
        return assertInstanceOf(PolicyParsed.Faults.class, Policy.parse(HEAD + text, Path.of("."))).faults().stream()
                .map(Fault::toString)
                .toList();
    }

    @Test
    void tiersAreThresholdsByName() {
        assertEquals(new ScoreTest("a", 0.2), first(TIERS + rule("all { concept: \"a\" tier: \"low\" }")));
        assertEquals(new ScoreTest("b", 0.25), first(TIERS + rule("all { concept: \"b\" tier: \"danger\" }")));
    }

    @Test
    void betweenTwoTiersAThresholdIsTheExactDecimal() {
        // 0.2 + 0.4 * 0.05 is 0.22000000000000003 in binary floating point.
        assertEquals(
                new ScoreTest("a", 0.22),
                first(TIERS + rule("all { concept: \"a\" tier: \"low\" toward: \"danger\" fraction: 0.4 }")));
        assertEquals(
                new ScoreTest("a", 0.2025),
                first(TIERS + rule("all { concept: \"a\" tier: \"low\" toward: \"danger\" fraction: 0.05 }")));
    }

    @Test
    void prefixesMultiplyMembersAndMoveTheirThresholds() {
        var policy = valid("""
                prefixes { id: "kinds" prefix { text: "" } prefix { text: "small " add: 0.0125 } }
                group {
                  id: "g" prefixes: "kinds" gte: 0.2
                  member { concept: "house" }
                  member { concept: "tree" gte: 0.3 }
                  member { concept: "any house" alone: true }
                }
                """ + rule("all { group: \"g\" }"));

        assertEquals(
                new GroupTest(
                        "g",
                        1,
                        List.of(
                                new ScoreTest("house", 0.2),
                                new ScoreTest("small house", 0.2125),
                                new ScoreTest("tree", 0.3),
                                new ScoreTest("small tree", 0.3125),
                                new ScoreTest("any house", 0.2))),
                policy.rules().getFirst().when());
        assertEquals(Set.of("house", "small house", "tree", "small tree", "any house"), policy.concepts());
    }

    @Test
    void membersExcludeEachOtherPrefixByPrefixOrAltogether() {
        var text = """
                prefixes { id: "kinds" prefix { text: "" } prefix { text: "big " } }
                group {
                  id: "g" prefixes: "kinds" gte: 0.2 %s
                  member { concept: "car" } member { concept: "tree" } member { concept: "auto" }
                  exclusive { concept: ["car", "auto"] }
                }
                """ + rule("all { group: \"g\" at_least: 2 }");

        assertEquals(
                List.of("car", "auto", "|", "big car", "big auto", "|", "tree", "|", "big tree"),
                sets(first(text.formatted(""))));
        assertEquals(
                List.of("car", "big car", "auto", "big auto", "|", "tree", "big tree"),
                sets(first(text.formatted("variants_once: true"))));
    }

    private static List<String> sets(Condition condition) {
        var names = new java.util.ArrayList<String>();
        int set = -1;
        for (var member : assertInstanceOf(CountTest.class, condition).members()) {
            if (set >= 0 && set != member.set()) {
                names.add("|");
            }
            set = member.set();
            names.add(member.concept());
        }
        return names;
    }

    @Test
    void weightsAreStepsOfAMember() {
        var condition = first(TIERS + "group { id: \"g\" member { concept: \"a\" } member { concept: \"b\" } }"
                + rule("all { group: \"g\" tier: \"low\" at_least: 3 weight { tier: \"danger\" counts: 2 } }"));

        var steps = List.of(new Step(0.25, 2), new Step(0.2, 1));
        assertEquals(new CountTest("g", 3, List.of(new Counted("a", steps, 0), new Counted("b", steps, 1))), condition);
        assertEquals(
                List.of("3:160: `at_least` 5 is not in 1 to 4, what can be counted in group \"g\""),
                faults(
                        TIERS + "group { id: \"g\" member { concept: \"a\" } member { concept: \"b\" } }"
                                + rule(
                                        "all { group: \"g\" tier: \"low\" weight { tier: \"danger\" counts: 2 } at_least: 5 }")));
    }

    @Test
    void contextsAreNamedAndMayBeWithdrawn() {
        var policy = valid("""
                context {
                  id: "drawn"
                  when { any { concept: "drawing" gte: 0.2 } any { concept: "cartoon" gte: 0.205 } }
                  unless { all { concept: "photo" gte: 0.24 } none { concept: "drawing" gte: 0.208 } }
                }
                group {
                  id: "g" gte: 0.25 member { concept: "a" } member { concept: "b" }
                  override { context: "drawn" member { concept: "b" gte: 0.19 } }
                }
                """ + rule("all { group: \"g\" } none { context: \"drawn\" }"));

        var all =
                assertInstanceOf(Condition.All.class, policy.rules().getFirst().when());
        var either = assertInstanceOf(Condition.Either.class, all.parts().getFirst());
        assertEquals(
                "drawn", assertInstanceOf(Condition.Named.class, either.when()).context());
        assertEquals(new GroupTest("g", 1, List.of(new ScoreTest("b", 0.19))), either.then());
        assertEquals(
                new GroupTest("g", 1, List.of(new ScoreTest("a", 0.25), new ScoreTest("b", 0.25))), either.otherwise());
    }

    @Test
    void nearMovesEveryThresholdToWhereTheRuleHoldsMoreOften() {
        var rule = valid(rule("""
                        all { concept: "a" gte: 0.5 } none { concept: "b" gte: 0.3 none { concept: "c" gte: 0.2 } }
                        near: 0.1
                        """)).rules().getFirst();

        assertEquals(
                Optional.of(new Condition.All(List.of(
                        new ScoreTest("a", 0.4),
                        new Condition.None(List.of(new Condition.All(List.of(
                                new ScoreTest("b", 0.4), new Condition.None(List.of(new ScoreTest("c", 0.1)))))))))),
                rule.nearly());
    }

    @Test
    void nearThatReachesEverythingIsRefused() {
        assertEquals(
                1, faults(rule("all { concept: \"a\" gte: -1.5 } near: 0.5")).size());
        valid(rule("all { concept: \"a\" gte: -1.5 } near: 0.49"));
    }

    @Test
    void undecidedRulesHaveNoAction() {
        var rule = valid(rule("all { concept: \"a\" gte: 0.5 } outcome: UNDECIDED"))
                .rules()
                .getFirst();

        assertEquals(Rule.Outcome.UNDECIDED, rule.outcome());
        assertEquals(
                List.of("2:1: `action` and `quorum` go with rules that flag"),
                faults(rule("all { concept: \"a\" gte: 0.5 } outcome: UNDECIDED action: PURGE")));
    }

    @Test
    void adjustmentsAddToConceptsAndToGroupsWithAllVariants() {
        var policy = valid("""
                prefixes { id: "kinds" prefix { text: "" } prefix { text: "big " } }
                group { id: "g" prefixes: "kinds" gte: 0.2 member { concept: "car" } }
                adjust { concept: ["tree"] group: "g" add: -0.02 when { concept: "toy" gte: 0.25 } }
                """ + rule("all { group: \"g\" }"));

        assertEquals(
                List.of(new Adjustment(List.of("tree", "car", "big car"), -328, new ScoreTest("toy", 0.25))),
                policy.adjustments());
        assertEquals(Set.of("tree", "car", "big car", "toy"), policy.concepts());
    }

    @Test
    void furtherBundlesAreAskedByNameAndNeedNoConceptOfTheFirst() {
        var policy = valid(
                """
                further { bundle: "tagger" concept: ["safe", "odd"] when { concept: "drawing" gte: 0.2 } }
                """ + rule("all { concept: \"a\" gte: 0.3 } none { bundle: \"tagger\" concept: \"safe\" gte: 0.5 }"));

        assertEquals(Set.of("a", "drawing"), policy.concepts());
        assertEquals(List.of(), policy.checkAgainst(List.of("a", "drawing")));
        assertEquals(
                List.of(new Further("tagger", List.of("safe", "odd"), new ScoreTest("drawing", 0.2))),
                policy.further());
    }

    @Test
    void everyFaultOfTheLanguageIsToldAtItsPlace() {
        assertEquals(
                "2:39: unknown tier \"low\": before it there are none",
                faults("scale { concept: \"a\" tier { name: \"x\" above: \"low\" plus: 0.1 } }"
                                + rule("all { concept: \"a\" gte: 0.1 }"))
                        .getFirst());
        assertEquals(
                List.of("2:36: concept \"a\" has no tier \"low\": give it one, there or in a `scale`"),
                faults(rule("all { concept: \"a\" tier: \"low\" }")));
        assertEquals(
                List.of("2:30: `toward` and `fraction` go together, with a `tier`"),
                faults(rule("all { concept: \"a\" tier: \"low\" toward: \"high\" }")));
        assertEquals(List.of("2:36: unknown context \"c\": there are none"), faults(rule("all { context: \"c\" }")));
        assertEquals(
                List.of("2:11: `when` asks the first bundle's scores alone"),
                faults("further { bundle: \"t\" concept: \"x\" when { bundle: \"t\" concept: \"x\" gte: 0.1 } }"
                                + rule("all { concept: \"a\" gte: 0.1 }"))
                        .stream()
                        .map(fault -> fault.replaceFirst("^2:\\d+", "2:11"))
                        .toList());
        assertEquals(
                1,
                faults("group { id: \"g\" gte: 0.1 member { concept: \"a\" } exclusive { concept: [\"a\", \"b\"] } }"
                                + rule("all { group: \"g\" }"))
                        .size());
        assertEquals(
                1,
                faults("group { id: \"g\" gte: 0.1 member { concept: \"a\" } override { context: \"c\" gte: 0.2"
                                + " member { concept: \"a\" } } }" + rule("all { concept: \"a\" gte: 0.1 }"))
                        .size());
    }

    @Test
    void ruleThatHoldsWithoutScoresIsRefusedInEveryGuise() {
        assertEquals(
                1,
                faults("context { id: \"c\" when { none { concept: \"a\" gte: 0.1 } } }"
                                + rule("all { context: \"c\" }"))
                        .size());
        assertEquals(
                1,
                faults("group { id: \"g\" gte: 0.1 member { concept: \"a\" }"
                                + " override { context: \"c\" gte: -2 member { concept: \"b\" } } }"
                                + " context { id: \"c\" when { none { concept: \"x\" gte: 0.1 } } }"
                                + rule("all { group: \"g\" }"))
                        .size());
    }

    @Test
    void shortTextNeverMakesAnEndlessPolicy() {
        var text = new StringBuilder("context { id: \"c0\" when { concept: \"a\" gte: 0.1 } }\n");
        for (int i = 1; i < 60; i++) {
            text.append("context { id: \"c").append(i).append("\" when {");
            text.append((" any { context: \"c" + (i - 1) + "\" }").repeat(20)).append(" } }\n");
        }
        text.append(rule("all { context: \"c59\" }"));

        assertFalse(faults(text.toString()).isEmpty());
    }

    @Test
    void monotoneRulesAreToldFromOthers() {
        assertTrue(monotone("", "all { concept: \"a\" gte: 0.1 } any { concept: \"b\" gte: 0.1 }"));
        assertFalse(monotone("", "all { concept: \"a\" gte: 0.1 } none { concept: \"b\" gte: 0.1 }"));
        assertTrue(monotone(
                "adjust { concept: \"a\" add: 0.1 when { concept: \"c\" gte: 0.1 } }",
                "all { concept: \"a\" gte: 0.1 }"));
        assertFalse(monotone(
                "adjust { concept: \"a\" add: -0.1 when { concept: \"c\" gte: 0.1 } }",
                "all { concept: \"a\" gte: 0.1 }"));
    }

    private static boolean monotone(String before, String conditions) {
        var policy = valid(before + rule(conditions));
        return policy.monotone(policy.rules().getFirst());
    }

    @Test
    void eachPartOfTheLanguageIsPartOfTheEpochAndDefaultsAreNot() {
        var plain = valid(rule("all { concept: \"a\" gte: 0.1 }")).digest();

        assertEquals(
                plain,
                valid(rule("all { concept: \"a\" gte: 0.1 } outcome: FLAG")).digest());
        for (var other : List.of(
                rule("all { concept: \"a\" gte: 0.1 } outcome: UNDECIDED"),
                rule("all { concept: \"a\" gte: 0.1 } near: 0.01"),
                rule("all { concept: \"a\" gte: 0.1 } gate { concept: \"b\" gte: 0.1 }"),
                "adjust { concept: \"a\" add: 0.1 when { concept: \"c\" gte: 0.1 } }"
                        + rule("all { concept: \"a\" gte: 0.1 }"))) {
            assertNotEquals(plain, valid(other).digest());
        }
        var group = "group { id: \"g\" gte: 0.1 member { concept: \"a\" } }";
        assertEquals(
                valid(group + rule("gate { group: \"g\" } all { concept: \"a\" gte: 0.1 }"))
                        .digest(),
                valid(group + rule("gate { group: \"g\" at_least: 1 } all { concept: \"a\" gte: 0.1 }"))
                        .digest());
    }
}
