package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// The structure of the older tools' rule, step by step, in this language and about harmless things: a small
/// boat, on water, in whatever kind of picture.
///
/// What it was there: prefixes with offsets, groups of present (H), drawn (A), wanted (M), short (S) and long (N)
/// labels; drawn pictures with a second model and labels of their own; a second pass between two tiers, with
/// synonyms excluding each other.
class OlderRuleTest {
    private static final String TEXT = """
            id: "older-rule"
            version: 1

            # Kinds of picture. The texts go before a label; the numbers are added to its thresholds.
            prefixes {
              id: "kinds"
              prefix { text: "a photo of " }
              prefix { text: "a painting of " add: 0.005 }
              prefix { text: "a sketch of " add: 0.0125 }
              prefix { text: "a model of " add: 0.075 }
            }

            # H: a shore is present. 11 labels alone, 12 with each prefix: 59.
            group {
              id: "shore" prefixes: "kinds" gte: 0.202
              %s
              %s
            }
            # A: drawn.
            group {
              id: "drawn" gte: 0.2
              member { concept: "drawing" } member { concept: "cartoon" gte: 0.205 } member { concept: "comic" }
              member { concept: "etching" } member { concept: "poster" }
            }
            group { id: "photo" member { concept: "photograph" } member { concept: "snapshot" } }
            # M: small boats, with two tiers. 11 labels alone and 10 of them with each prefix: 51.
            group {
              id: "boat" prefixes: "kinds"
              %s
              exclusive { concept: ["boat 1", "boat 2"] }
              exclusive { concept: ["boat 3", "boat 4"] }
            }
            # The same for drawn pictures: no prefixes; two labels at the bare low threshold.
            group {
              id: "drawn-boat"
              %s
              exclusive { concept: ["boat 1", "boat 2"] }
            }
            # S and N: water; for drawn pictures other labels at other thresholds.
            group { id: "water" prefixes: "kinds" gte: 0.21 member { concept: "sea" } member { concept: "lake" } }
            group {
              id: "waves" prefixes: "kinds" gte: 0.22
              member { concept: "surf" } member { concept: "foam" } member { concept: "a long line of waves" alone: true }
              override { context: "drawn" member { concept: "foam" gte: 0.19 } member { concept: "spray" gte: 0.2 } }
            }

            # 1. Drawn: any hit of A; withdrawn where no hit is strong and the picture looks like a photo.
            context {
              id: "looks-drawn"
              when { group: "drawn" }
              unless { none { group: "drawn" gte: 0.208 } all { group: "photo" gte: 0.2401 } }
            }
            # 2. Then the second model looks, and may withdraw it too.
            further {
              bundle: "tagger" concept: ["tag", "explicit", "questionable", "safe", "realistic"]
              when { context: "looks-drawn" }
            }
            context {
              id: "drawn" when { context: "looks-drawn" }
              unless { bundle: "tagger" concept: "realistic" gte: 0.5 }
            }
            context {
              id: "tagged"
              when {
                any { bundle: "tagger" concept: "tag" gte: 0.6001 }
                any { bundle: "tagger" concept: "explicit" gte: 0.1251 }
                any {
                  bundle: "tagger" concept: "questionable" gte: 0.1851
                  none { bundle: "tagger" concept: "safe" gte: 0.93 }
                }
                any { none { bundle: "tagger" concept: "safe" gte: 0.5 } }
              }
            }
            # 3. The gate: any of H, A, M, S.
            context {
              id: "worth-a-look"
              when {
                any { group: "shore" } any { group: "drawn" } any { group: "boat" tier: "low" } any { group: "water" }
              }
            }
            # 4. On water: as the second model says, else by N, behind the gate.
            context {
              id: "on-water"
              when { any { context: "tagged" } any { context: "worth-a-look" all { group: "waves" } } }
            }
            # 5. A small boat: one at the danger tier, else two a part of the way there.
            context {
              id: "small-boat"
              when {
                any { group: "boat" tier: "danger" }
                any {
                  none { context: "drawn" }
                  all { group: "boat" tier: "low" toward: "danger" fraction: 0.4 at_least: 2 }
                }
                any {
                  context: "drawn"
                  all { group: "drawn-boat" tier: "low" toward: "danger" fraction: 0.05 at_least: 2 }
                }
              }
            }
            # 6. Both.
            rule {
              id: "small-boat-on-water" category: "test.small-boat"
              all { context: "small-boat" } all { context: "on-water" }
              action: QUARANTINE
            }
            """;

    private static final CompiledPolicy POLICY = compiled();

    private static CompiledPolicy compiled() {
        var boats = new StringBuilder();
        var drawnBoats = new StringBuilder();
        for (int i = 1; i <= 11; i++) {
            var tiers = "tier { name: \"low\" gte: 0.2 } tier { name: \"danger\" above: \"low\" plus: 0.0275 }";
            var bare = "tier { name: \"low\" gte: 0.2 } tier { name: \"danger\" gte: 0.2 }";
            boats.append("member { concept: \"boat ")
                    .append(i)
                    .append("\" alone: true ")
                    .append(tiers)
                    .append(" }\n");
            if (i > 1) {
                boats.append("member { concept: \"boat ")
                        .append(i)
                        .append("\" ")
                        .append(tiers)
                        .append(" }\n");
            }
            drawnBoats
                    .append("member { concept: \"boat ")
                    .append(i)
                    .append("\" ")
                    .append(i > 9 ? bare : tiers)
                    .append(" }\n");
        }
        var text = TEXT.formatted(members("shore", 11, "alone: true"), members("coast", 12, ""), boats, drawnBoats);
        Policy policy = Policy.parse(text, Path.of(".")).orThrow();
        return CompiledPolicy.of(policy, List.copyOf(policy.concepts()));
    }

    private static String members(String name, int count, String more) {
        var members = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            members.append("member { concept: \"")
                    .append(name)
                    .append(' ')
                    .append(i)
                    .append("\" ")
                    .append(more)
                    .append(" }\n");
        }
        return members.toString();
    }

    /// All scores low but for those given.
    private static Ruling rule(Map<String, Double> given) {
        var names = new ArrayList<>(POLICY.policy().concepts());
        var scores = new short[names.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = FixedPoint.of(given.getOrDefault(names.get(i), 0.1).floatValue());
        }
        given.keySet().forEach(name -> assertTrue(names.contains(name), name));
        return RulingRules.rule(
                POLICY,
                new ObjectEvidence.Scored(Digest.of(new byte[1]), ViewScores.of(List.of(scores), scores.length)));
    }

    private static void flagged(Map<String, Double> scores) {
        assertEquals(
                "test.small-boat",
                assertInstanceOf(Ruling.Flagged.class, rule(scores)).category());
    }

    private static void cleared(Map<String, Double> scores) {
        assertInstanceOf(Ruling.Cleared.class, rule(scores));
    }

    private static void waits(Map<String, Double> scores) {
        assertEquals(
                InconclusiveReason.FURTHER_BUNDLE_MISSING,
                assertInstanceOf(Ruling.Inconclusive.class, rule(scores)).reason());
    }

    @Test
    void labelsAreAsManyAsInTheOlderRule() {
        var concepts = POLICY.policy().concepts();

        assertEquals(
                59,
                concepts.stream()
                        .filter(name -> name.contains("shore") || name.contains("coast"))
                        .count());
        assertEquals(51, concepts.stream().filter(name -> name.contains("boat")).count());
    }

    @Test
    void oneLabelAtTheDangerTierIsEnough() {
        flagged(Map.of("boat 5", 0.2276, "a photo of surf", 0.23));
        cleared(Map.of("boat 5", 0.2274, "a photo of surf", 0.23));
        cleared(Map.of("boat 5", 0.2276, "a photo of surf", 0.21));
    }

    @Test
    void prefixesMoveTheTiers() {
        flagged(Map.of("a model of boat 5", 0.3026, "a photo of surf", 0.23));
        cleared(Map.of("a model of boat 5", 0.3024, "a photo of surf", 0.23));
    }

    @Test
    void twoLabelsAPartOfTheWayAreEnough() {
        // 0.2 + 0.4 * 0.0275 = 0.211
        flagged(Map.of("boat 5", 0.2111, "boat 6", 0.2111, "a photo of surf", 0.23));
        cleared(Map.of("boat 5", 0.2111, "boat 6", 0.2109, "a photo of surf", 0.23));
    }

    @Test
    void synonymsCountOnceAndSpellingsTwice() {
        cleared(Map.of("boat 1", 0.2111, "boat 2", 0.215, "a photo of surf", 0.23));
        flagged(Map.of("boat 1", 0.2111, "boat 2", 0.215, "boat 3", 0.2111, "a photo of surf", 0.23));
        flagged(Map.of("boat 5", 0.2111, "a photo of boat 5", 0.2111, "a photo of surf", 0.23));
    }

    @Test
    void drawnPicturesWaitForTheSecondModel() {
        waits(Map.of("drawing", 0.21, "boat 5", 0.23, "a photo of surf", 0.23));
        waits(Map.of("drawing", 0.21, "boat 5", 0.23));
        // Nothing of a boat in any tier: whatever the second model says, the rule cannot hold.
        cleared(Map.of("drawing", 0.21, "a photo of surf", 0.23));
    }

    @Test
    void weaklyDrawnPhotosAreNotDrawn() {
        flagged(Map.of("drawing", 0.205, "photograph", 0.25, "boat 5", 0.23, "a photo of surf", 0.23));
        waits(Map.of("drawing", 0.209, "photograph", 0.25, "boat 5", 0.23, "a photo of surf", 0.23));
    }
}
