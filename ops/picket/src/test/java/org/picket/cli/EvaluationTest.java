package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.model.evaluation.Confusion;
import org.picket.model.evaluation.Proportion;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;

class EvaluationTest {
    private static final List<String> CONCEPTS = List.of("snow", "night");

    @TempDir
    Path folder;

    private static CompiledPolicy policy() {
        String text = """
                id: "test"
                version: 1
                rule { id: "both" category: "test.both"
                  all { concept: "snow" gte: 0.5 } all { concept: "night" gte: 0.5 } action: OBSERVE }
                rule { id: "snowy" category: "test.snow" all { concept: "snow" gte: 0.9 } action: OBSERVE }
                """;
        Policy policy = Policy.parse(text, Path.of(".")).orThrow();
        return CompiledPolicy.of(policy, CONCEPTS);
    }

    /// One view, ruled as the policy says.
    private static Judged judged(boolean flagged, float snow, float night) {
        short[] scores = {FixedPoint.of(snow), FixedPoint.of(night)};
        int first = policy().firstMatch(scores, 0, 1);
        Optional<String> rule =
                first < 0 ? Optional.empty() : Optional.of(policy().rule(first).id());
        Map<String, Boolean> shown = Map.of("snow", flagged);
        return scored(new LabelledPicture(Path.of("x"), Optional.of(flagged), shown), scores, rule, Optional.empty());
    }

    private static Judged scored(
            LabelledPicture picture, short[] scores, Optional<String> rule, Optional<String> undecided) {
        return new Judged.Scored(picture, Optional.empty(), scores, 1, rule, undecided, false);
    }

    private static Judged ofContent(int content, boolean flagged) {
        Judged.Scored one = (Judged.Scored) judged(flagged, 0.95f, 0.9f);
        return new Judged.Scored(
                one.picture(),
                Optional.of(Digest.of(new byte[] {(byte) content})),
                one.scores(),
                1,
                one.rule(),
                Optional.empty(),
                true);
    }

    private static Evaluation evaluation() {
        List<Judged> judged = new ArrayList<>(List.of(
                judged(true, 0.95f, 0.9f),
                judged(true, 0.95f, 0.1f),
                judged(true, 0.4f, 0.9f),
                judged(false, 0.6f, 0.6f),
                judged(false, 0.1f, 0.2f),
                judged(false, 0.2f, 0.1f)));
        LabelledPicture broken = new LabelledPicture(Path.of("y"), Optional.of(true), Map.of());
        judged.add(new Judged.Apart(broken, Optional.empty(), "truncated"));
        return Evaluation.of(judged, 4, policy(), CONCEPTS);
    }

    @Test
    void flagsAreComparedWithLabelsByPolicyAndByRule() {
        Evaluation evaluation = evaluation();
        assertEquals(new Confusion(2, 1, 1, 2), evaluation.policy());
        assertEquals(
                List.of(
                        new Evaluation.OfRule("both", new Proportion(1, 2), new Proportion(1, 3)),
                        new Evaluation.OfRule("snowy", new Proportion(1, 1), new Proportion(1, 3))),
                evaluation.rules());
    }

    @Test
    void whatHasNoScoresIsCountedApart() {
        Evaluation evaluation = evaluation();
        assertEquals(6, evaluation.judged());
        assertEquals(Map.of("truncated", 1), evaluation.apart());
        String text = EvaluationText.of(evaluation);
        assertTrue(text.contains("1 truncated"), text);
        assertTrue(text.contains("4 files without a label"), text);
    }

    @Test
    void whatThePolicyLeavesUndecidedIsCountedApartAndKeepsItsScores() {
        short[] scores = {FixedPoint.of(0.95f), FixedPoint.of(0.1f)};
        LabelledPicture picture = new LabelledPicture(Path.of("z"), Optional.of(true), Map.of("snow", true));
        Judged undecided = scored(picture, scores, Optional.empty(), Optional.of("undecided by policy"));
        Evaluation evaluation = Evaluation.of(List.of(undecided), 0, policy(), CONCEPTS);
        assertEquals(Confusion.NONE, evaluation.policy());
        assertEquals(Map.of("undecided by policy", 1), evaluation.apart());
        assertEquals(1, evaluation.concepts().getFirst().scored().size());
    }

    /// A policy that calls each hard picture undecided would else seem to find all.
    @Test
    void whatWasNotRuledOnIsToldAsWhatItMayHide() {
        Evaluation evaluation = evaluation();
        assertEquals(new Evaluation.Unruled(1, 0), evaluation.unruled());
        assertEquals(new Proportion(2, 4), evaluation.leastRecall());
        String text = EvaluationText.of(evaluation);
        assertTrue(text.contains("! not ruled on: 1 that ought to be flagged, 0 that ought not"), text);
        assertTrue(text.contains("recall is 50.00 %"), text);
        String json = EvaluationJson.of(evaluation).toString();
        assertTrue(json.contains("\"unruledFlagged\":1,\"unruledCleared\":0,\"recallIfUnruledAreMissed\":0.5,"), json);
    }

    @Test
    void oneContentCountsOnceHoweverOftenItIsThere() {
        List<Judged> copies = new ArrayList<>();
        for (int copy = 0; copy < 100; copy++) {
            copies.add(ofContent(1, true));
        }
        copies.add(ofContent(2, false));
        Evaluation evaluation = Evaluation.of(copies, 0, policy(), CONCEPTS);
        assertEquals(new Confusion(1, 1, 0, 0), evaluation.policy());
        assertEquals(Map.of(Repeats.COPY, 99), evaluation.apart());
        assertEquals(new Evaluation.Unruled(0, 0), evaluation.unruled());
    }

    @Test
    void contentThatIsLabelledBothWaysCountsForNeither() {
        Evaluation evaluation = Evaluation.of(
                List.of(ofContent(1, true), ofContent(1, false), ofContent(2, true)), 0, policy(), CONCEPTS);
        assertEquals(new Confusion(1, 0, 0, 0), evaluation.policy());
        assertEquals(Map.of(Repeats.CONTRADICTORY, 2), evaluation.apart());
    }

    @Test
    void picturesThatThePolicysListsNameAreToldOf() {
        String text = EvaluationText.of(Evaluation.of(List.of(ofContent(1, true)), 0, policy(), CONCEPTS));
        assertTrue(text.contains("the policy's own lists name 1 of these pictures"), text);
    }

    @Test
    void withoutPicturesOfBothKindsNothingIsSaidOfPairs() {
        String text = EvaluationText.of(Evaluation.of(List.of(judged(true, 0.9f, 0.9f)), 0, policy(), CONCEPTS));
        assertTrue(!text.contains("of all pairs"), text);
        assertTrue(text.contains("false alarms  unknown (0 of 0)"), text);
    }

    @Test
    void conceptsAreToldOfAtThePolicysLowestThreshold() {
        Evaluation.OfConcept snow = evaluation().concepts().getFirst();
        assertTrue(snow.byPolicy());
        assertEquals(0.5, snow.at().threshold());
        assertEquals(new Confusion(2, 1, 1, 2), snow.at().confusion());
    }

    @Test
    void onlyLabelledConceptsHaveCurves() {
        List<Evaluation.OfConcept> concepts = evaluation().concepts();
        assertEquals(
                List.of("snow"),
                concepts.stream().map(Evaluation.OfConcept::name).toList());
        assertEquals(8.0 / 9, concepts.getFirst().curve().area().orElseThrow(), 1e-9);
    }

    @Test
    void movedScoresRuleAsThePolicyWould() {
        List<Evaluation.Moved> moved = evaluation().moved();
        assertEquals(41, moved.size());
        Evaluation.Moved unmoved = moved.get(20);
        assertEquals(0, unmoved.move());
        assertEquals(evaluation().policy(), unmoved.policy());
        long last = 0;
        for (Evaluation.Moved one : moved) {
            long flagged = one.policy().truePositives() + one.policy().falsePositives();
            assertTrue(flagged >= last, "these rules only gain by higher scores");
            last = flagged;
        }
    }

    @Test
    void smallSampleIsSaidToBeSmall() {
        String text = EvaluationText.of(evaluation());
        assertTrue(text.contains("! Only 3 of the pictures should be found"), text);
        assertTrue(text.contains("precision     66.67 % (9.43 % to 99.16 %); 2 of 3"), text);
        assertTrue(text.contains("false alarms  333,333 in a million"), text);
    }

    @Test
    void noFalseAlarmIsNotTakenForNone() {
        Evaluation clean =
                Evaluation.of(List.of(judged(true, 0.95f, 0.9f), judged(false, 0.1f, 0.2f)), 0, policy(), CONCEPTS);
        String text = EvaluationText.of(clean);
        assertTrue(text.contains("anything from 0.00 % to 100.00 % of its flags would be right"), text);
    }

    @Test
    void tablesAndPictureAreWritten() throws IOException {
        EvaluationFiles.write(evaluation(), "test", folder.resolve("out"));
        List<String> summary = Files.readAllLines(folder.resolve("out").resolve("summary.csv"));
        assertEquals(4, summary.size());
        int columns = summary.getFirst().split(",", -1).length;
        for (String name : List.of("summary", "curves", "rules", "moved", "calibration")) {
            List<String> lines = Files.readAllLines(folder.resolve("out").resolve(name + ".csv"));
            int wide = lines.getFirst().split(",", -1).length;
            assertTrue(lines.size() > 1 && lines.stream().allMatch(line -> line.split(",", -1).length == wide), name);
        }
        assertEquals(15, columns);
        assertTrue(Files.readString(folder.resolve("out").resolve("evaluation.svg"))
                .startsWith("<svg"));
        assertTrue(EvaluationJson.of(evaluation()).toString().contains("\"falsePositivesPerMillion\":333333.333"));
    }
}
