package org.picket.coordinator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.policy.Condition.All;
import org.picket.coordinator.policy.Condition.Any;
import org.picket.coordinator.policy.Condition.GroupTest;
import org.picket.coordinator.policy.Condition.None;
import org.picket.coordinator.policy.Condition.ScoreTest;

class PolicyTest {
    static final String HEAD = "id: \"p\" version: 1\n";

    @TempDir
    private Path folder;

    static Policy valid(String text, Path base) {
        return Policy.parse(text, base).orThrow();
    }

    private Policy valid(String text) {
        return valid(text, folder);
    }

    private List<Fault> faults(String text) {
        return assertInstanceOf(PolicyParsed.Faults.class, Policy.parse(text, folder))
                .faults();
    }

    private List<String> places(String text) {
        return faults(text).stream()
                .map(fault -> fault.line() + ":" + fault.column())
                .toList();
    }

    @Test
    void standInPolicyIsSoundAndLeavesRoomForSamples() {
        var policy = Policy.standIn();

        assertEquals(Set.of("lighthouse", "snow", "night", "drawing"), policy.concepts());
        assertEquals(List.of("stand-in"), policy.bundles());
        assertEquals(new Fuses(0.5, 5000, 50, 1000), policy.fuses());
        var rule = policy.rules().getFirst();
        assertEquals("test.lighthouse-in-weather", rule.category());
        assertEquals(Action.PURGE, rule.action());
        assertEquals(Quorum.ONE, rule.quorum());
        assertEquals(
                new All(List.of(
                        new ScoreTest("lighthouse", 0.5),
                        new Any(List.of(new ScoreTest("snow", 0.5), new ScoreTest("night", 0.5))),
                        new None(List.of(new ScoreTest("drawing", 0.5))))),
                rule.when());
        assertTrue(Policy.standInText().contains("DETECTS NOTHING BUT SYNTHETIC LIGHTHOUSES"));
    }

    @Test
    void bundleWithoutAConceptIsToldAtItsFirstUse() {
        var faults = Policy.standIn().checkAgainst(List.of("lighthouse", "snow", "drawing"));

        assertEquals(1, faults.size());
        assertEquals(14, faults.getFirst().line());
        assertEquals(
                "the bundle has no concept \"night\"; it has drawing, lighthouse, snow",
                faults.getFirst().message());
        assertEquals(List.of(), Policy.standIn().checkAgainst(List.of("night", "lighthouse", "x", "snow", "drawing")));
    }

    @Test
    void absentFieldsHaveTheCarefulDefaults() {
        var policy = valid(HEAD + "rule { id: \"r\" category: \"c\" all { concept: \"x\" gte: 0 } }");

        assertEquals(Fuses.DEFAULT, policy.fuses());
        assertEquals(Scope.DEFAULT, policy.scope());
        assertEquals(new ViewAggregate.Max(), policy.views());
        assertEquals(Action.OBSERVE, policy.rules().getFirst().action());
        assertEquals(Quorum.ONE, policy.rules().getFirst().quorum());
    }

    @Test
    void groupThresholdsAreTheConditionsElseTheMembersElseTheGroups() {
        var policy = valid(HEAD + """
                group { id: "weather" gte: 0.5 member { concept: "snow" } member { concept: "rain" gte: 0.25 } }
                rule { id: "a" category: "c" all { group: "weather" at_least: 2 } }
                rule { id: "b" category: "c" all { group: "weather" gte: 0.75 } }
                """);

        assertEquals(
                new GroupTest("weather", 2, List.of(new ScoreTest("snow", 0.5), new ScoreTest("rain", 0.25))),
                policy.rules().get(0).when());
        assertEquals(
                new GroupTest("weather", 1, List.of(new ScoreTest("snow", 0.75), new ScoreTest("rain", 0.75))),
                policy.rules().get(1).when());
    }

    @Test
    void brokenGrammarIsToldWhereReadingStopped() {
        var faults = faults("id: \"p\"\nversion: 1\nrule {\n  id: \"r\" }\n  all }");

        assertEquals(1, faults.size());
        assertEquals(5, faults.getFirst().line());
        assertEquals(List.of("2:10"), places("id: \"p\"\nversion: minus"));
        assertEquals(List.of("1:11"), places("id: \"p\" id: \"q\""));
    }

    @Test
    void everyFaultIsToldAtItsPlace() {
        var text = """
                id: "p"
                version: 1
                uses { concept: ["snow", "night"] }
                group { id: "g" member { concept: "snow" } }
                rule {
                  id: "r"
                  category: "Bad Category"
                  all { concept: "rain" gte: 0.5 }
                  any { concept: "snow" gte: 2.0 }
                  any { concept: "night" }
                  any { }
                  none { group: "h" }
                  none { group: "g" }
                }
                rule { id: "r" category: "c" colour: "red" }
                fuses { site_flag_ratio: 1.5 window: 0 }
                views { aggregate: K_OF_N }
                """;
        var faults = faults(text);

        assertEquals(
                List.of(
                        "7:3: the rule's category \"Bad Category\" is not made of lower-case letters, digits, '.', '_'"
                                + " and '-' (64 characters at most)",
                        "8:9: unknown concept \"rain\": `uses` names night, snow",
                        "9:25: threshold 2.0 is not in [-2, 2)",
                        "10:9: concept \"night\" needs a threshold: give it `gte`",
                        "11:3: empty condition: give it a `concept`, a `group`, or `all`, `any`, `none`",
                        "12:10: unknown group \"h\": there are g",
                        "13:10: member \"snow\" of group \"g\" has no sound threshold: give `gte` here, to the member or"
                                + " to the group",
                        "15:1: empty rule \"r\": it states no condition; give it `all` or `any`",
                        "15:8: duplicate id \"r\": line 6 has it already; rules and lists need ids of their own",
                        "15:30: unknown field \"colour\"",
                        "16:9: `site_flag_ratio` 1.5 is not in (0, 1]",
                        "16:30: `window` 0 is not in 1 to 10000000",
                        "17:1: K_OF_N needs a `k` of 1 or more"),
                faults.stream().map(Fault::toString).toList());
    }

    @Test
    void thresholdsMustBeWithinWhatScoresCanReach() {
        for (var gte : List.of("-2.0001", "2", "nan", "inf", "-inf", "1.99999")) {
            assertEquals(
                    1,
                    faults(HEAD + rule("all { concept: \"x\" gte: " + gte + " }"))
                            .size(),
                    gte);
        }
        valid(HEAD + rule("all { concept: \"x\" gte: 1.99993896484375 }"));
    }

    @Test
    void ruleThatFlagsEverythingIsRefused() {
        assertEquals(1, faults(HEAD + rule("none { concept: \"x\" gte: 0.5 }")).size());
        assertEquals(1, faults(HEAD + rule("all { concept: \"x\" gte: -2 }")).size());
        assertEquals(
                1,
                faults(HEAD + rule("any { concept: \"x\" gte: 1 } any { none { concept: \"y\" gte: 1 } }"))
                        .size());
    }

    @Test
    void policyThatCannotFindAnythingIsRefused() {
        assertEquals(List.of("1:1"), places(HEAD));
        assertEquals(List.of("1:1"), places(HEAD + "list { id: \"a\" kind: ALLOW sha256: \"" + hex('0') + "\" }"));
        assertTrue(faults("").size() >= 2);
    }

    @Test
    void tooMuchIsRefusedAsAFaultAndNotAsACrash() {
        assertEquals(List.of("1:1"), places("#".repeat(PolicyReader.TEXT_LIMIT + 1)));
        assertEquals(
                1, faults(HEAD + rule("all {".repeat(100) + "}".repeat(100))).size());
        assertEquals(
                Reading.FAULT_LIMIT,
                faults(HEAD + rule("all { concept: \"x\" gte: 9 }\n".repeat(500)))
                        .size());
        assertEquals(1, faults("\u0000\uffff{{{").size());
        var grid = new StringBuilder(HEAD).append("group { id: \"g\" gte: 0.5\n");
        for (int i = 0; i < GroupReader.MEMBER_LIMIT; i++) {
            grid.append("member { concept: \"").append(i).append("\" }\n");
        }
        grid.append("}\n").append(rule("any { group: \"g\" at_least: 256 }\n".repeat(16)));
        assertEquals(1, faults(grid.toString()).size());
    }

    @Test
    void listsTakeEntriesFromTheTextAndFromFilesInsideThePolicysFolder() throws IOException {
        Files.writeString(folder.resolve("known.txt"), "# known\n\n" + hex('a') + " # one\n" + hex('B') + "\r\n");

        var policy = valid(HEAD
                + "list { id: \"l\" kind: DENY category: \"known\" action: QUARANTINE sha256: \"" + hex('c')
                + "\" file: \"known.txt\" }");

        var list = policy.lists().getFirst();
        assertEquals(3, list.hashes().size());
        assertEquals(new HashList.Deny("known", Action.QUARANTINE), list.kind());
        assertEquals(Action.QUARANTINE, policy.ceiling("l"));
        assertEquals(Action.OBSERVE, policy.ceiling("no such rule"));
    }

    @Test
    void faultyListsAreToldWithTheLineOfTheFile() throws IOException {
        Files.writeString(folder.resolve("bad.txt"), hex('a') + "\nnot a hash\n");
        Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        var text = HEAD + """
                list {
                  id: "l"
                  kind: DENY
                  category: "known"
                  file: "bad.txt"
                  file: "binary.txt"
                  file: "missing.txt"
                  file: "../outside.txt"
                  file: "/etc/hosts"
                  sha256: "123"
                }
                list { id: "m" sha256: "%s" }
                list { id: "n" kind: ALLOW category: "x" }
                """.formatted(hex('d'));

        assertEquals(
                List.of(
                        "6:3: list file \"bad.txt\", line 2, is not one SHA-256 of 64 hexadecimal digits",
                        "7:3: list file \"binary.txt\" is not text in UTF-8",
                        "8:3: there is no list file \"missing.txt\" in the policy's folder",
                        "9:3: list file \"../outside.txt\" is not inside the policy's folder; give a relative path",
                        "10:3: list file \"/etc/hosts\" is not inside the policy's folder; give a relative path",
                        "11:3: entry 1 of list \"l\" is not 64 hexadecimal digits",
                        "13:1: list \"m\" needs a `kind`: ALLOW or DENY",
                        "14:1: `category` and `action` go with DENY lists only",
                        "14:1: list \"n\" is empty: give it `sha256` or `file`"),
                faults(text).stream().map(Fault::toString).toList());
    }

    static String rule(String conditions) {
        return "rule { id: \"r\" category: \"c\" " + conditions + " }";
    }

    static String hex(char digit) {
        return String.valueOf(digit).repeat(64);
    }

    @Test
    void importedListsAreActedUponAsThePolicySaysAndNeverPurgeUnlessItDoes() {
        var plain = valid(HEAD + rule("all { concept: \"x\" gte: 0.5 }"), folder);
        var pdq = new ListRule(HashType.PDQ, 1, "they").id();
        assertEquals(Action.QUARANTINE, plain.ceiling(pdq));
        assertEquals(Action.OBSERVE, plain.ceiling(new ListRule(HashType.SHA256, 2, "they").id()));
        assertEquals(Action.OBSERVE, plain.ceiling("list/pdq/one/they"));
        var told = valid(
                HEAD + rule("all { concept: \"x\" gte: 0.5 }") + " matches { sha256: PURGE pdq: OBSERVE }", folder);
        assertEquals(Action.PURGE, told.ceiling(new ListRule(HashType.SHA256, 1, "they").id()));
        assertEquals(Action.QUARANTINE, told.ceiling(new ListRule(HashType.MD5, 1, "they").id()));
        assertEquals(Action.OBSERVE, told.ceiling(pdq));
        assertNotEquals(plain.digest(), told.digest());
    }

    @Test
    void policyForOneBundleIsNotForAnother() {
        var standIn = Policy.standIn();
        assertEquals(Optional.empty(), standIn.checkBundle("stand-in"));
        assertTrue(standIn.checkBundle("other").orElseThrow().contains("is for the bundle \"stand-in\""));
    }
}
