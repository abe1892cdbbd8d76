package org.picket.model.training;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.picket.model.scene.Concept;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;
import org.picket.model.scene.Shrink;

/// Measures a graph, as ONNX Runtime computes it, on scenes that it has not learned from.
public final class HeldOut {
    /// Scenes from here on are never trained on.
    public static final long FIRST_SEED = 4_000_000_000L;

    private static final int CHUNK = 200;
    private static final int SHORT_SIDE_MIN = 448;
    private static final int SHORT_SIDE_MAX = 640;

    private HeldOut() {}

    /// What the scenes showed.
    ///
    /// @param scenes measured
    /// @param views measured
    /// @param wrong views with a score on the wrong side of 0.5, per concept
    /// @param unsure views with a score from 0.1 to 0.9, per concept
    /// @param wrongRulings scenes that the stand-in's rule decides other than their labels do
    public record Measured(int scenes, int views, List<Integer> wrong, List<Integer> unsure, int wrongRulings) {
        Measured plus(Measured other) {
            return new Measured(
                    scenes + other.scenes,
                    views + other.views,
                    sums(wrong, other.wrong),
                    sums(unsure, other.unsure),
                    wrongRulings + other.wrongRulings);
        }

        private static List<Integer> sums(List<Integer> left, List<Integer> right) {
            return IntStream.range(0, left.size())
                    .mapToObj(at -> left.get(at) + right.get(at))
                    .toList();
        }
    }

    private record Pictured(Scene scene, List<Shrink.View> views) {}

    /// Measures scenes with all combinations of labels, each equally often.
    public static Measured measure(byte[] graph, long firstSeed, int scenes) {
        List<Integer> none = List.of(0, 0, 0, 0);
        Measured sum = new Measured(0, 0, none, none, 0);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(graph, options)) {
                for (int from = 0; from < scenes; from += CHUNK) {
                    long seed = firstSeed + from;
                    List<Pictured> pictures = LongStream.range(seed, seed + Math.min(CHUNK, scenes - from))
                            .parallel()
                            .mapToObj(HeldOut::picture)
                            .toList();
                    for (Pictured picture : pictures) {
                        sum = sum.plus(compare(picture, scores(environment, session, picture.views())));
                    }
                }
            }
        } catch (OrtException cause) {
            throw new IllegalStateException("ONNX Runtime cannot run the graph: " + cause.getMessage(), cause);
        }
        return sum;
    }

    private static Pictured picture(long seed) {
        Scene scene = Scene.of(seed, Labels.any(new Dice(seed)), SHORT_SIDE_MIN, SHORT_SIDE_MAX);
        return new Pictured(scene, Shrink.views(Painter.paint(scene), Network.VIEW_SIZE));
    }

    static float[][] scores(OrtEnvironment environment, OrtSession session, List<Shrink.View> views)
            throws OrtException {
        int side = Network.VIEW_SIZE;
        ByteBuffer pixels =
                ByteBuffer.allocateDirect(views.size() * side * side * 3).order(ByteOrder.nativeOrder());
        views.forEach(view -> pixels.put(view.pixels()));
        long[] shape = {views.size(), side, side, 3};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, pixels.flip(), shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of("views", input))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    private static Measured compare(Pictured picture, float[][] scores) {
        int concepts = Concept.values().length;
        Integer[] wrong = new Integer[concepts];
        Integer[] unsure = new Integer[concepts];
        Arrays.fill(wrong, 0);
        Arrays.fill(unsure, 0);
        boolean flagged = false;
        for (int view = 0; view < scores.length; view++) {
            float[] targets =
                    TrainingSet.targets(picture.scene(), picture.views().get(view));
            for (int concept = 0; concept < concepts; concept++) {
                float score = scores[view][concept];
                if (targets[concept] >= 0) {
                    wrong[concept] += Math.abs(score - targets[concept]) > 0.5 ? 1 : 0;
                    unsure[concept] += score > 0.1 && score < 0.9 ? 1 : 0;
                }
            }
            flagged |= labels(scores[view]).flagged();
        }
        int wrongRulings = flagged == picture.scene().labels().flagged() ? 0 : 1;
        return new Measured(1, scores.length, List.of(wrong), List.of(unsure), wrongRulings);
    }

    private static Labels labels(float[] scores) {
        return new Labels(
                scores[Concept.LIGHTHOUSE.ordinal()] > 0.5,
                scores[Concept.SNOW.ordinal()] > 0.5,
                scores[Concept.NIGHT.ordinal()] > 0.5,
                scores[Concept.DRAWING.ordinal()] > 0.5);
    }
}
