package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.Basis.Side;
import org.picket.coordinator.ruling.Ruling.Cleared;
import org.picket.coordinator.ruling.Ruling.Cleared.Why;
import org.picket.coordinator.ruling.Ruling.Flagged;
import org.picket.coordinator.ruling.Ruling.Inconclusive;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

class RulingRulesTest {
    private static final List<String> CONCEPTS = List.of("drawing", "lighthouse", "night", "snow");
    private static final CompiledPolicy STAND_IN = CompiledPolicy.of(Policy.standIn(), CONCEPTS);
    private static final short HALF = 8192;
    private static final Digest SOME = Digest.of(new byte[] {1});
    private static final Digest OTHER = Digest.of(new byte[] {2});

    static CompiledPolicy compiled(String text, List<String> concepts) {
        Policy policy =
                Policy.parse("id: \"p\" version: 1 " + text, Path.of(".")).orThrow();
        return CompiledPolicy.of(policy, concepts);
    }

    static ObjectEvidence scored(short[]... views) {
        return new ObjectEvidence.Scored(SOME, ViewScores.of(Arrays.asList(views), views[0].length));
    }

    private static short[] view(int... q) {
        var scores = new short[q.length];
        for (int i = 0; i < q.length; i++) {
            scores[i] = (short) q[i];
        }
        return scores;
    }

    @Test
    void standInPolicyHasExactlyItsTruthTable() {
        for (int bits = 0; bits < 16; bits++) {
            boolean drawing = (bits & 1) != 0;
            boolean lighthouse = (bits & 2) != 0;
            boolean night = (bits & 4) != 0;
            boolean snow = (bits & 8) != 0;
            var scores = view(
                    drawing ? HALF : HALF - 1,
                    lighthouse ? HALF : HALF - 1,
                    night ? HALF : HALF - 1,
                    snow ? HALF : HALF - 1);

            var ruling = RulingRules.rule(STAND_IN, scored(scores));

            if (lighthouse && (snow || night) && !drawing) {
                var flagged = assertInstanceOf(Flagged.class, ruling);
                assertEquals("test.lighthouse-in-weather", flagged.category());
                assertEquals(Flagged.By.SCORES, flagged.by());
            } else {
                assertEquals(new Cleared(Why.NO_RULE_HOLDS), ruling);
            }
        }
    }

    @Test
    void findingNamesTheScoresThatItRestsOn() {
        var flagged =
                assertInstanceOf(Flagged.class, RulingRules.rule(STAND_IN, scored(view(-16384, 16384, 4096, 12288))));

        assertEquals(
                List.of(
                        new Basis("lighthouse", 1.0, 0.5, Side.REACHED),
                        new Basis("snow", 0.75, 0.5, Side.REACHED),
                        new Basis("drawing", -1.0, 0.5, Side.BELOW)),
                flagged.basis());
        assertEquals("lighthouse-in-weather", flagged.ruleId());
    }

    @Test
    void highestScoresOfAllViewsCountByDefault() {
        var lighthouse = view(0, HALF, 0, 0);
        var snow = view(0, 0, 0, HALF);
        var drawing = view(HALF, 0, 0, 0);

        assertInstanceOf(Cleared.class, RulingRules.rule(STAND_IN, scored(lighthouse)));
        assertInstanceOf(Flagged.class, RulingRules.rule(STAND_IN, scored(lighthouse, snow)));
        assertInstanceOf(Cleared.class, RulingRules.rule(STAND_IN, scored(lighthouse, snow, drawing)));
    }

    @Test
    void kOfNCountsTheViewsOnWhichARuleHoldsAlone() {
        var text = "rule { id: \"r\" category: \"c\" all { concept: \"a\" gte: 0.5 } all { concept: \"b\" gte: 0.5 } }"
                + " views { aggregate: K_OF_N k: 2 }";
        var policy = compiled(text, List.of("a", "b"));
        var both = view(HALF, 9000);
        var one = view(HALF, 0);

        assertInstanceOf(Flagged.class, RulingRules.rule(policy, scored(both)));
        assertInstanceOf(Cleared.class, RulingRules.rule(policy, scored(one, view(0, HALF))));
        assertInstanceOf(Cleared.class, RulingRules.rule(policy, scored(both, one, one)));
        var flagged = assertInstanceOf(Flagged.class, RulingRules.rule(policy, scored(one, both, both)));
        assertEquals(9000 / 16384.0, flagged.basis().get(1).score());
    }

    @Test
    void thresholdsAreComparedInFixedPointWithoutRoundingDown() {
        var policy = compiled("rule { id: \"r\" category: \"c\" all { concept: \"a\" gte: 0.2 } }", List.of("a"));

        // 0.2 × 16384 = 3276.8
        assertInstanceOf(Cleared.class, RulingRules.rule(policy, scored(view(3276))));
        assertInstanceOf(Flagged.class, RulingRules.rule(policy, scored(view(3277))));
        var lowest = compiled("rule { id: \"r\" category: \"c\" all { concept: \"a\" gte: -1.9999 } }", List.of("a"));
        assertInstanceOf(Cleared.class, RulingRules.rule(lowest, scored(view(Short.MIN_VALUE))));
        assertInstanceOf(Flagged.class, RulingRules.rule(lowest, scored(view(Short.MIN_VALUE + 2))));
    }

    @Test
    void firstRuleThatHoldsMakesTheFinding() {
        var policy = compiled(
                "rule { id: \"high\" category: \"c\" all { concept: \"a\" gte: 1 } }"
                        + "rule { id: \"low\" category: \"d\" all { concept: \"a\" gte: 0.5 } }",
                List.of("a"));

        assertEquals("high", ((Flagged) RulingRules.rule(policy, scored(view(16384)))).ruleId());
        assertEquals("low", ((Flagged) RulingRules.rule(policy, scored(view(16383)))).ruleId());
    }

    @Test
    void allowListWinsOverEverything() {
        var policy = compiled(
                "list { id: \"deny\" kind: DENY category: \"known\" sha256: \"" + SOME.hex() + "\" }"
                        + "list { id: \"allow\" kind: ALLOW sha256: \"" + SOME.hex() + "\" }"
                        + "rule { id: \"r\" category: \"c\" all { concept: \"a\" gte: 0.5 } }",
                List.of("a"));
        var cleared = new Cleared(Why.POLICY_ALLOW_LIST);

        assertEquals(cleared, RulingRules.rule(policy, scored(view(HALF))));
        assertEquals(
                cleared,
                RulingRules.rule(
                        policy, new ObjectEvidence.Unreadable(Optional.of(SOME), InconclusiveReason.TRUNCATED)));
        assertEquals(
                cleared,
                RulingRules.rule(
                        policy, new ObjectEvidence.Known(SOME, new Flagged("r", "c", Flagged.By.SCORES, List.of()))));
        assertEquals(
                new Cleared(Why.SITE_ALLOWLIST),
                RulingRules.rule(policy, ContentHashes.of(List.of(OTHER, SOME)), scored(view(HALF))));
    }

    @Test
    void denyListFlagsWithoutScores() {
        var policy = compiled(
                "list { id: \"deny\" kind: DENY category: \"known\" sha256: \"" + SOME.hex() + "\" }", List.of("a"));
        var flagged = new Flagged("deny", "known", Flagged.By.DENY_LIST, List.of());

        assertEquals(flagged, RulingRules.rule(policy, scored(view(0))));
        assertEquals(
                flagged,
                RulingRules.rule(policy, new ObjectEvidence.Unreadable(Optional.of(SOME), InconclusiveReason.CORRUPT)));
        assertEquals(flagged, RulingRules.rule(policy, new ObjectEvidence.Known(SOME, new Cleared(Why.NO_RULE_HOLDS))));
        assertEquals(
                new Inconclusive(InconclusiveReason.CORRUPT),
                RulingRules.rule(
                        policy, new ObjectEvidence.Unreadable(Optional.of(OTHER), InconclusiveReason.CORRUPT)));
    }

    @Test
    void knownContentKeepsItsRulingAndSaysSo() {
        var basis = List.of(new Basis("lighthouse", 1.0, 0.5, Side.REACHED));
        var earlier = new Flagged("r", "c", Flagged.By.SCORES, basis);

        assertEquals(
                new Flagged("r", "c", Flagged.By.KNOWN_CONTENT, basis),
                RulingRules.rule(STAND_IN, new ObjectEvidence.Known(SOME, earlier)));
        assertEquals(
                new Cleared(Why.KNOWN_CONTENT),
                RulingRules.rule(STAND_IN, new ObjectEvidence.Known(SOME, new Cleared(Why.NO_RULE_HOLDS))));
        assertEquals(
                new Inconclusive(InconclusiveReason.TOO_LONG),
                RulingRules.rule(
                        STAND_IN, new ObjectEvidence.Known(SOME, new Inconclusive(InconclusiveReason.TOO_LONG))));
    }

    @Test
    void unreadableIsNeverClearedAndNeverFlagged() {
        for (var reason : InconclusiveReason.values()) {
            if (reason != InconclusiveReason.UNRECOGNIZED
                    && reason != InconclusiveReason.INCONCLUSIVE_REASON_UNSPECIFIED) {
                assertEquals(
                        new Inconclusive(reason),
                        RulingRules.rule(STAND_IN, new ObjectEvidence.Unreadable(Optional.empty(), reason)));
            }
        }
        var nothing = new ObjectEvidence.Scored(SOME, ViewScores.of(List.of(), 4));
        assertEquals(new Inconclusive(InconclusiveReason.UNREADABLE), RulingRules.rule(STAND_IN, nothing));
    }

    @Test
    void scoresOfAnotherBundleAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> RulingRules.rule(STAND_IN, scored(view(1, 2, 3))));
        assertThrows(
                IllegalArgumentException.class, () -> CompiledPolicy.of(Policy.standIn(), List.of("snow", "night")));
        assertThrows(IllegalArgumentException.class, () -> CompiledPolicy.of(Policy.standIn(), List.of("a", "a")));
        assertThrows(IllegalArgumentException.class, () -> ViewScores.of(List.of(view(1), view(1, 2)), 1));
        assertTrue(CompiledPolicy.of(Policy.standIn(), CONCEPTS).firstMatch(new short[4], 0, 0) < 0);
    }

    private static Ruling ruled(String text, int... q) {
        return RulingRules.rule(compiled(text, List.of("a", "b")), scored(view(q)));
    }

    @Test
    void ruleMaySayThatItCannotTell() {
        var text = """
                rule { id: "odd" category: "too.odd" all { concept: "b" gte: 0.5 } outcome: UNDECIDED }
                rule { id: "r" category: "c" all { concept: "a" gte: 0.5 } }
                """;

        assertEquals(
                new Inconclusive(InconclusiveReason.UNDECIDED_BY_POLICY, "rule \"odd\": too.odd"),
                ruled(text, HALF, HALF));
        assertInstanceOf(Flagged.class, ruled(text, HALF, 0));
        assertEquals(new Cleared(Why.NO_RULE_HOLDS), ruled(text, 0, 0));
    }

    @Test
    void whatNearlyHoldsIsNeitherFlaggedNorCleared() {
        var text = """
                rule { id: "r" category: "c" all { concept: "a" gte: 0.5 } near: 0.25 }
                rule { id: "s" category: "d" all { concept: "b" gte: 0.5 } }
                """;

        assertEquals(
                new Inconclusive(InconclusiveReason.UNDECIDED_BY_POLICY, "rule \"r\" nearly holds"),
                ruled(text, HALF / 2, 0));
        assertEquals(new Cleared(Why.NO_RULE_HOLDS), ruled(text, HALF / 2 - 1, 0));
        assertEquals(
                "s",
                assertInstanceOf(Flagged.class, ruled(text, HALF / 2, HALF)).ruleId());
    }

    @Test
    void whatNeedsAFurtherBundleIsInconclusiveAndNeverCleared() {
        var text = """
                further { bundle: "tagger" concept: "x" when { concept: "b" gte: 0.5 } }
                rule { id: "sure" category: "c" all { concept: "a" gte: 1 } }
                rule { id: "r" category: "c" all { concept: "a" gte: 0.5 } none { bundle: "tagger" concept: "x" gte: 0.5 } }
                rule { id: "s" category: "d" all { concept: "b" gte: 0.75 } }
                """;

        assertEquals(
                new Inconclusive(
                        InconclusiveReason.FURTHER_BUNDLE_MISSING,
                        "rule \"r\" asks bundle \"tagger\", which has not scored it"),
                ruled(text, HALF, HALF));
        assertInstanceOf(Flagged.class, ruled(text, 2 * HALF, HALF), "an earlier rule holds whatever it says");
        assertInstanceOf(Inconclusive.class, ruled(text, HALF, 12288), "a later rule does not decide before it");
        assertInstanceOf(Flagged.class, ruled(text, 0, 12288), "the rule cannot hold whatever it says");
        assertInstanceOf(Cleared.class, ruled(text, HALF, HALF - 1), "it is not wanted");
    }

    @Test
    void adjustmentsMoveScoresBeforeRulesSeeThem() {
        var text = """
                adjust { concept: "a" add: 0.25 when { concept: "b" gte: 0.5 } }
                adjust { concept: "a" add: 0.125 when { concept: "a" gte: 0.25 } }
                rule { id: "r" category: "c" all { concept: "a" gte: 0.5 } }
                """;

        assertEquals(
                List.of(new Basis("a", 0.625, 0.5, Side.REACHED)),
                assertInstanceOf(Flagged.class, ruled(text, 4096, HALF)).basis());
        // 0.125 + 0.25: the second adjustment asks the score as it came, not as the first has made it.
        assertInstanceOf(Cleared.class, ruled(text, 2048, HALF));
        assertInstanceOf(Flagged.class, ruled(text, 6144, 0));
        assertInstanceOf(Cleared.class, ruled(text, 6143, 0));
    }

    @Test
    void ofMembersThatExcludeEachOtherTheStrongestCounts() {
        var text = """
                group { id: "g" gte: 0.5 member { concept: "a" } member { concept: "b" } member { concept: "c" }
                        exclusive { concept: ["a", "c"] } }
                rule { id: "r" category: "c" all { group: "g" at_least: 2 } }
                """;
        var policy = compiled(text, List.of("a", "b", "c"));

        assertInstanceOf(Cleared.class, RulingRules.rule(policy, scored(view(HALF, 0, HALF + 1))));
        var flagged = assertInstanceOf(Flagged.class, RulingRules.rule(policy, scored(view(HALF, HALF, HALF + 1))));
        assertEquals(
                List.of("c", "b"), flagged.basis().stream().map(Basis::concept).toList());
    }
}
