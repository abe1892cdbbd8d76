package org.picket.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.limit.FixedPoint;

class IdleRulesTest {
    private static final String NEVER = "can never hold";

    @TempDir
    private Path folder;

    private static Policy policy(String rules) {
        return Policy.parse("id: \"p\" version: 1\n" + rules, Path.of(".")).orThrow();
    }

    private static String rule(String id, String conditions) {
        return "rule { id: \"" + id + "\" category: \"k\" " + conditions + " }\n";
    }

    private static String test(String concept, double gte) {
        return "{ concept: \"" + concept + "\" gte: " + gte + " }";
    }

    /// Each of these looks like a rule and flags nothing.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "all { concept: 'x' gte: 0.5 } none { concept: 'x' gte: 0.4 }",
                "all { concept: 'x' gte: 0.5 } none { concept: 'y' gte: -2 }",
                "all { concept: 'x' gte: 0.5 } all { none { concept: 'x' gte: 0.5 } }",
                "any { concept: 'x' gte: 0.5 } any { concept: 'y' gte: 0.5 } none { group: 'g' }",
                "gate { concept: 'x' gte: 0.5 } all { none { any { concept: 'x' gte: 0.3 } } }",
                "all { group: 'g' at_least: 2 } none { concept: 'y' gte: 0.1 }",
                "all { context: 'drawn' } all { concept: 'y' gte: 0.2 }",
                "all { concept: 'low' gte: 1.5 }"
            })
    void ruleThatNoScoresMeetIsTold(String conditions) {
        String idle = policy(("group { id: 'g' gte: 0.2 member { concept: 'x' } member { concept: 'y' } }"
                                        + "context { id: 'drawn' when { concept: 'x' gte: 0.1 } unless { concept: 'y' gte: 0.1 } }"
                                        + "adjust { concept: 'low' add: -1 when { concept: 'x' gte: -2 } }")
                                .replace('\'', '"')
                        + rule("r", conditions.replace('\'', '"')))
                .idle()
                .toString();
        assertTrue(idle.contains("rule \"r\" " + NEVER), idle);
    }

    @Test
    void ruleThatAnotherForestallsIsTold() {
        Policy policy = policy(rule("nearly", "outcome: UNDECIDED all " + test("x", 0.2))
                + rule("both", "all " + test("x", 0.3) + " all " + test("y", 0.3))
                + rule("other", "all " + test("y", 0.3))
                + rule("either", "any " + test("x", 0.5) + " any " + test("y", 0.4))
                + rule("third", "any " + test("x", 0.5) + " any " + test("z", 0.4)));
        assertEquals(
                List.of(
                        "rule \"both\" never decides: wherever it holds, a rule before it does, such as \"nearly\"",
                        "rule \"either\" never decides: wherever it holds, a rule before it does, such as \"other\""),
                policy.idle());
    }

    @Test
    void soundPoliciesAskForNothingInVain() {
        assertEquals(List.of(), Policy.standIn().idle());
    }

    /// The most that a policy's text can ask for must not keep a scan from beginning.
    @Test
    void largestPolicyIsLookedThroughInBoundedTime() {
        StringBuilder members = new StringBuilder("group { id: \"g\" gte: 0.2");
        StringBuilder any = new StringBuilder();
        for (int member = 0; member < 512; member++) {
            members.append(" member { concept: \"c").append(member).append("\" }");
        }
        for (int part = 0; part < 8; part++) {
            any.append(" any ").append(test("x" + part, 0.5));
        }
        StringBuilder rules = new StringBuilder(members.append(" }\n"));
        for (int rule = 0; rule < 900; rule++) {
            rules.append(
                    rule("r" + rule, "all { group: \"g\" at_least: 512 }" + any + (" all {" + any + " }").repeat(4)));
        }
        Policy policy = policy(rules.toString());
        assertTimeout(Duration.ofSeconds(20), policy::idle);
    }

    @Test
    void listWithoutAnEntryIsTold() throws IOException {
        Files.writeString(folder.resolve("empty.txt"), "# nothing yet\n");
        Path file = Files.writeString(
                folder.resolve("p.textproto"),
                "id: \"p\" version: 1 list { id: \"l\" kind: DENY category: \"k\" file: \"empty.txt\" }");
        PolicyCheck check = PolicyCheck.of(file);
        assertEquals(PolicyCheck.SOUND, check.exitCode());
        assertEquals(file + ": warning: list \"l\" has no entry", check.lines().getLast());
    }

    /// Rules at random over three scores, each tried on a grid with a point between any two thresholds.
    @Test
    void whatIsToldIsSo() {
        Random random = new Random(11);
        List<String> concepts = List.of("x", "y", "z");
        int told = 0;
        for (int round = 0; round < 1_500; round++) {
            StringBuilder rules =
                    new StringBuilder("group { id: \"g\" gte: 0.2 member { concept: \"x\" } member { concept:"
                            + " \"y\" } member { concept: \"z\" tier { name: \"t\" gte: 0.3 } } exclusive { concept: [\"x\", \"y\"] } }\n"
                            + "context { id: \"c\" when " + test("x", 0.3) + " unless " + test("y", 0.2) + " }\n");
            if (random.nextInt(3) == 0) {
                rules.append("adjust { concept: \"y\" add: -0.1 when ")
                        .append(test("z", 0.3))
                        .append(" }\n");
            }
            for (int rule = 0; rule < 3; rule++) {
                rules.append(rule("r" + rule, "all " + test(concepts.get(rule), 0.1) + conditions(random, 2)));
            }
            if (!(Policy.parse("id: \"p\" version: 1\n" + rules, Path.of(".")) instanceof PolicyParsed.Valid valid)) {
                continue;
            }
            List<String> idle = valid.policy().idle();
            told += idle.size();
            CompiledPolicy compiled = CompiledPolicy.of(valid.policy(), concepts);
            for (int point = 0; point < 216; point++) {
                short[] scores = {step(point % 6), step(point / 6 % 6), step(point / 36)};
                int first = compiled.firstMatch(scores, 0, 1);
                String decides =
                        first < 0 ? "none" : "rule \"" + compiled.rule(first).id() + "\"";
                assertTrue(idle.stream().noneMatch(words -> words.startsWith(decides)), () -> idle + " in " + rules);
            }
        }
        assertTrue(told > 300, told + " were told");
    }

    private static short step(int tenths) {
        return FixedPoint.of(tenths / 10f + 0.05f);
    }

    private static String conditions(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        for (String word : List.of("all", "any", "none")) {
            int parts = random.nextInt(3);
            for (int part = 0; part < parts; part++) {
                text.append(' ').append(word).append(' ').append(condition(random, depth));
            }
        }
        return text.toString();
    }

    private static String condition(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0, 1 -> test(List.of("x", "y", "z").get(random.nextInt(3)), (1 + random.nextInt(4)) / 10.0);
            case 2 -> "{ group: \"g\" at_least: " + (1 + random.nextInt(2)) + " }";
            case 3 -> "{ context: \"c\" }";
            default -> "{ " + test(depth, random) + conditions(random, depth - 1) + " }";
        };
    }

    private static String test(int depth, Random random) {
        return "any " + condition(random, depth - 1) + " any " + condition(random, depth - 1);
    }
}
