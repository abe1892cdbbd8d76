package org.picket.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.model.scene.Dice;
import org.picket.model.scene.Labels;
import org.picket.model.scene.Painter;
import org.picket.model.scene.Scene;
import org.picket.model.scene.Shrink;

class TrainingTest {
    private static final TrainingPlan TINY = new TrainingPlan(12, 2, 8, 5, 3e-3);

    @Test
    void samePlanGivesTheSameNetworkBitForBit() {
        byte[] first = Training.run(TINY, line -> {}).graph();
        byte[] second = Training.run(TINY, line -> {}).graph();
        assertArrayEquals(first, second);
        byte[] other =
                Training.run(new TrainingPlan(12, 2, 8, 6, 3e-3), line -> {}).graph();
        assertFalse(Arrays.equals(first, other));
    }

    @Test
    void gradientIsTheSlopeOfTheLoss() {
        Network network = new Network(new Dice(3));
        TrainingSet.Example example = TrainingSet.of(9, 1).getFirst();
        float[] means = new float[Network.INPUTS];
        example.means(means, false, 1);
        for (int parameter : List.of(10, 950, 1_500, 4_000, 9_000, 10_600)) {
            double slope = slope(network, means, example.targets(), parameter);
            float learned = network.gradientOf(means, example.targets(), parameter);
            assertEquals(slope, learned, 0.02 * Math.abs(slope) + 2e-4, "parameter " + parameter);
        }
    }

    private static double slope(Network network, float[] means, float[] targets, int parameter) {
        float step = 2e-3f;
        network.nudge(parameter, step);
        double above = network.learn(means, targets);
        network.nudge(parameter, -2 * step);
        double below = network.learn(means, targets);
        network.nudge(parameter, step);
        network.step(0, 1, 1);
        return (above - below) / (2 * step);
    }

    @Test
    void graphComputesWhatTheNetworkLearned() throws OrtException {
        Network network = new Network(new Dice(4));
        Scene scene = Scene.of(21, Labels.any(new Dice(21)), 448, 448);
        List<Shrink.View> views = Shrink.views(Painter.paint(scene), Network.VIEW_SIZE);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(network.graph())) {
            float[][] scores = HeldOut.scores(environment, session, views);
            for (int view = 0; view < scores.length; view++) {
                float[] means = new float[Network.INPUTS];
                short[] sums = TrainingSet.sums(views.get(view).pixels());
                new TrainingSet.Example(sums, new float[0]).means(means, false, 1);
                assertArrayEquals(network.scores(means), scores[view], 1e-5f);
            }
        }
    }
}
