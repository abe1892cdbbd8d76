package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.replay.FindingExplained;
import org.picket.coordinator.replay.Replayed;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Explainer;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.proto.id.FindingId;
import org.picket.proto.seal.Digest;

class PolicyRowsTest {
    private static final Policy POLICY = policy("""
            id: "boats" version: 3
            group { id: "water" gte: 0.5 member { concept: "sea" } member { concept: "lake" } exclusive { concept: ["sea", "lake"] } }
            adjust { concept: "boat" add: -0.25 when { concept: "toy" gte: 0.5 } }
            rule { id: "afloat" category: "test.boat" all { concept: "boat" gte: 0.5 } all { group: "water" } }
            rule { id: "toy" category: "test.toy" all { concept: "toy" gte: 0.75 } none { concept: "sea" gte: 0.25 } }
            """);

    private static Policy policy(String text) {
        return Policy.parse(text, Path.of(".")).orThrow();
    }

    private static final Digest BUNDLE = Digest.of(new byte[] {1});

    private static FindingExplained.ByScores explained() {
        var compiled = CompiledPolicy.of(POLICY, List.of("boat", "sea", "lake", "toy"));
        // Two views; in steps of 1/16384.
        var scores = ViewScores.of(List.of(new short[] {4096, 9216, 8192, 8192}, new short[] {16384, 0, 0, 0}), 4);
        return new FindingExplained.ByScores(
                new FindingId(7),
                "test.boat",
                "afloat",
                false,
                POLICY,
                true,
                List.of(new FindingExplained.Scorer("harbour", BUNDLE)),
                Explainer.explain(compiled, scores));
    }

    @Test
    void explanationTellsEachScoreAgainstItsThreshold() {
        assertEquals("""
                finding 7: test.boat by rule "afloat"
                policy  boats version 3, in force now; the finding was made under other terms, so it may come out otherwise here
                bundle  harbour %s
                scores  of 2 views; rules see the highest of each concept

                adjustment -0.2500 to boat: added
                  yes  toy 0.5000 >= 0.5000, view 1

                rule afloat (test.boat): holds
                  yes  all of
                    yes  boat 0.7500 >= 0.5000, view 2, -0.2500 of it added
                    yes  group water: 1 of at least 1
                      yes  sea 0.5625 >= 0.5000, view 1
                      yes  lake 0.5000 >= 0.5000, view 1, not counted: a stronger one excludes it

                rule toy (test.toy): does not hold
                  no   all of
                    no   toy 0.5000 < 0.7500, view 1
                    no   none of
                      yes  sea 0.5625 >= 0.2500, view 1\
                """.formatted(BUNDLE.hex()), String.join("\n", ExplainedRows.text(explained())));
    }

    @Test
    void explanationForProgramsHasTheSame() {
        var json = ExplainedRows.json(explained()).toString();

        assertTrue(
                json.startsWith("{\"finding\":7,\"category\":\"test.boat\",\"rule\":\"afloat\",\"basis\":\"scores\""),
                json);
        assertTrue(
                json.contains(
                        "{\"what\":\"boat\",\"holds\":true,\"score\":0.75,\"added\":-0.25,\"threshold\":0.5,\"view\":2,"
                                + "\"counts\":1}"),
                json);
    }

    @Test
    void replayTellsWhatWouldDiffer() {
        var compared = new Replayed.Compared(
                POLICY,
                new Replayed.Coverage(1_000, Optional.of(1_100L), 60, true),
                new Replayed.Diff(
                        new Replayed.Outcomes(990, 10, 0, 0),
                        new Replayed.Outcomes(980, 15, 5, 0),
                        7,
                        2,
                        1,
                        0,
                        List.of(new Replayed.RuleCount("afloat", 10, 20))),
                new Replayed.ChangedFindings(
                        List.of(new FindingId(3), new FindingId(9)),
                        2,
                        List.of(),
                        0,
                        new Replayed.ByLists(12, List.of(new FindingId(5)), 1)));

        assertEquals(
                """
                Stored scores by policy boats version 3; nothing was fetched and nothing is changed.

                folder:/a
                  objects by scores            in force       other   (in force: boats version 3)
                  cleared                           990         980
                  flagged                            10          15
                  inconclusive                        0           5
                  by rule
                    afloat                           10          20
                  newly flagged                       7
                  no longer flagged                   2   findings 3, 9
                  flagged as something else           1
                  flagged by another rule             0
                  findings by hash lists             12   decided before any score, and not replayed
                    no longer listed                  1   finding 5
                  speaks for 1,000 objects with stored scores, of 1,100 listed
                  without scores: 60 inconclusive (`picket findings --inconclusive`)
                  without scores: 40 copies of scored content, decided by a hash list, or not looked at yet

                folder:/b
                  not replayed: no scores\
                """,
                String.join(
                        "\n",
                        ReplayedRows.text(
                                POLICY,
                                List.of(
                                        new Replayed("folder:/a", compared),
                                        new Replayed("folder:/b", new Replayed.Impossible("no scores"))))));
        assertTrue(ReplayedRows.json(POLICY, List.of(new Replayed("folder:/a", compared)))
                .toString()
                .contains("\"newlyFlagged\":7,\"noLongerFlagged\":2"));
    }
}
