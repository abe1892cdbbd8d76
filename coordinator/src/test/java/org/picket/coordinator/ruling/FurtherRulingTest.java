package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.Preprocessing;

/// From one bundle's scores to the next one's, until a rule holds or none can.
class FurtherRulingTest {
    private static final Digest SHA256 = Digest.of(new byte[] {7});
    private static final List<String> FIRST = List.of("boat", "drawing");
    private static final FurtherBundle TAGGER = bundle("tagger", "calm", "odd");
    private static final FurtherBundle DEPTH = bundle("depth", "deep");
    private static final String POLICY = """
            id: "p"
            version: 1
            further { bundle: "tagger" concept: "odd" when { concept: "drawing" gte: 0.5 } }
            further { bundle: "depth" concept: "deep" when { concept: "boat" gte: 0.25 } }
            rule { id: "drawn" category: "a" all { concept: "drawing" gte: 0.5 } all { bundle: "tagger" concept: "odd" gte: 0.5 } }
            rule { id: "deep" category: "b" all { concept: "boat" gte: 0.25 } all { bundle: "depth" concept: "deep" gte: 0.5 } }
            """;

    private static FurtherBundle bundle(String name, String... concepts) {
        return new FurtherBundle(name, List.of(concepts), new Scoring(SHA256, Preprocessing.getDefaultInstance()));
    }

    private static CompiledPolicy policy(String more) {
        Policy policy = Policy.parse(POLICY + more, Path.of(".")).orThrow();
        return CompiledPolicy.of(policy, FIRST, List.of(TAGGER, DEPTH));
    }

    private static ViewScores view(double... scores) {
        short[] q = new short[scores.length];
        for (int i = 0; i < q.length; i++) {
            q[i] = FixedPoint.of((float) scores[i]);
        }
        return new ViewScores(q, 0, 1, q.length);
    }

    private static Ruling rule(CompiledPolicy policy, ViewScores scores) {
        return RulingRules.rule(policy, new ObjectEvidence.Scored(SHA256, scores));
    }

    @Test
    void objectThatNoConditionHoldsForWaitsForNothing() {
        CompiledPolicy policy = policy("");
        assertEquals(OptionalInt.empty(), policy.waitsFor(view(0.1, 0.1)));
        assertInstanceOf(Ruling.Cleared.class, rule(policy, view(0.1, 0.1)));
    }

    @Test
    void bundlesAreAskedOneAfterTheOtherUntilARuleHolds() {
        CompiledPolicy policy = policy("");
        ViewScores first = view(0.3, 0.6);
        assertEquals(OptionalInt.of(0), policy.waitsFor(first));
        CompiledPolicy tagged = policy.after(1);
        assertEquals(OptionalInt.empty(), tagged.waitsFor(first.beside(view(0, 0.9))));
        assertEquals(
                "drawn",
                assertInstanceOf(Ruling.Flagged.class, rule(tagged, first.beside(view(0, 0.9))))
                        .ruleId());
        ViewScores calm = first.beside(view(0.9, 0.1));
        assertEquals(OptionalInt.of(1), tagged.waitsFor(calm));
        CompiledPolicy both = policy.after(3);
        assertInstanceOf(Ruling.Cleared.class, rule(both, calm.beside(view(0.1))));
        assertEquals(
                "deep",
                assertInstanceOf(Ruling.Flagged.class, rule(both, calm.beside(view(0.7))))
                        .ruleId());
    }

    @Test
    void scoresAreReadByTheBundlesThatGaveThemInWhateverOrderThesesWereAsked() {
        CompiledPolicy deep = policy("").after(2);
        assertEquals(3, deep.concepts());
        assertEquals(
                "deep",
                assertInstanceOf(Ruling.Flagged.class, rule(deep, view(0.3, 0.1, 0.6)))
                        .ruleId());
        assertInstanceOf(Ruling.Cleared.class, rule(deep, view(0.3, 0.1, 0.4)));
        assertThrows(IllegalArgumentException.class, () -> rule(deep, view(0.3, 0.1)));
    }

    @Test
    void findingRestsOnScoresOfBothBundles() {
        var found = assertInstanceOf(Ruling.Flagged.class, rule(policy("").after(1), view(0.1, 0.6, 0.2, 0.9)));
        assertEquals(
                List.of("drawing", "tagger: odd"),
                found.basis().stream().map(Basis::concept).toList());
        assertEquals(0.9, found.basis().getLast().score(), 1e-3);
    }

    @Test
    void whatIsNotToBeHadIsInconclusiveAndNeverWaitedFor() {
        Policy policy = policy("").policy();
        CompiledPolicy without = CompiledPolicy.of(policy, FIRST, List.of(DEPTH));
        assertEquals(OptionalInt.empty(), without.waitsFor(view(0.1, 0.6)));
        assertEquals(
                InconclusiveReason.FURTHER_BUNDLE_MISSING,
                assertInstanceOf(Ruling.Inconclusive.class, rule(without, view(0.1, 0.6)))
                        .reason());
        assertEquals(OptionalInt.of(0), without.waitsFor(view(0.3, 0.1)));
    }

    @Test
    void missingViewsAreStoodInForByTheLastOneWhichChangesNoHighestScore() {
        ViewScores one = view(0.1, 0.2);
        ViewScores two = ViewScores.of(List.of(new short[] {1}, new short[] {2}), 1);
        ViewScores both = one.beside(two);
        assertEquals(2, both.views());
        assertArrayEquals(new short[] {one.q()[0], one.q()[1], 1, one.q()[0], one.q()[1], 2}, both.q());
        assertEquals(2, two.beside(one).highest(0));
    }

    @Test
    void rulesThatCountViewsSeeBothBundlesViewByView() {
        CompiledPolicy policy = policy("views { aggregate: K_OF_N k: 2 }").after(1);
        short half = FixedPoint.of(0.5f);
        short[] both = {0, half, 0, half};
        short[] firstOnly = {0, half, 0, 0};
        assertInstanceOf(Ruling.Flagged.class, rule(policy, ViewScores.of(List.of(both, both), 4)));
        assertInstanceOf(Ruling.Cleared.class, rule(policy, ViewScores.of(List.of(both, firstOnly), 4)));
    }

    @Test
    void storedScoresTellWhoGaveThemAndWholeBlocksComeOutAsTheirObjectsDo() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        for (int scored = 0; scored < 4; scored++) {
            CompiledPolicy policy = policy("").after(scored);
            int[] views = IntStream.range(0, 40).map(i -> 1 + random.nextInt(3)).toArray();
            int all = IntStream.of(views).sum();
            short[] scores = new short[all * policy.concepts()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (short) random.nextInt(FixedPoint.ONE);
            }
            ScoreBlock block = new ScoreBlock(policy.concepts(), new long[views.length], views, scores).by(scored);
            assertEquals(block, ScoreBlock.decode(block.encode()));
            assertEquals(scored, ScoreBlock.decode(block.encode()).scored());
            ScoreColumns columns = new ScoreColumns();
            columns.read(block.encode());
            assertEquals(scored, columns.scored());
            int[] decided = new ColumnRules(policy).decide(columns);
            for (int i = 0; i < views.length; i++) {
                assertEquals(policy.decide(scores, block.offset(i), views[i]), decided[i]);
            }
        }
    }

    @Test
    void explanationTellsScoresOfBothBundles() {
        var explained = Explainer.explain(policy("").after(1), view(0.1, 0.6, 0.2, 0.9));
        var parts = explained.rules().getFirst().why().parts();
        assertEquals("tagger: odd", parts.getLast().what());
        assertEquals(0.9, parts.getLast().test().orElseThrow().score(), 1e-3);
        assertEquals(
                Explanation.ExplainedRule.Standing.DOES_NOT,
                explained.rules().getLast().standing());
    }
}
