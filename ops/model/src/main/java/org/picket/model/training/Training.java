package org.picket.model.training;

import java.util.List;
import java.util.function.Consumer;
import org.picket.model.scene.Dice;

/// Trains the network by Adam on the logistic loss.
public final class Training {
    private static final double LAST_RATE = 0.02;

    private Training() {}

    /// The network of a plan; the same plan gives the same network. One line of progress after each epoch.
    public static Network run(TrainingPlan plan, Consumer<String> progress) {
        List<TrainingSet.Example> examples = TrainingSet.of(plan.seed(), plan.scenes());
        progress.accept(examples.size() + " views of " + plan.scenes() + " scenes");
        Dice dice = new Dice(plan.seed());
        Network network = new Network(dice);
        int[] order = new int[examples.size()];
        for (int at = 0; at < order.length; at++) {
            order[at] = at;
        }
        int steps = plan.epochs() * ((order.length + plan.batch() - 1) / plan.batch());
        int step = 0;
        for (int epoch = 1; epoch <= plan.epochs(); epoch++) {
            shuffle(order, dice);
            double loss = 0;
            for (int from = 0; from < order.length; from += plan.batch()) {
                int to = Math.min(order.length, from + plan.batch());
                loss += batch(network, examples, order, from, to, dice);
                step++;
                double fall = 0.5 * (1 + StrictMath.cos(StrictMath.PI * step / steps));
                network.step((float) (plan.rate() * (LAST_RATE + (1 - LAST_RATE) * fall)), to - from, step);
            }
            progress.accept("epoch " + epoch + " of " + plan.epochs() + ": loss " + loss / order.length);
        }
        return network;
    }

    private static double batch(
            Network network, List<TrainingSet.Example> examples, int[] order, int from, int to, Dice dice) {
        float[] means = new float[Network.INPUTS];
        double loss = 0;
        for (int at = from; at < to; at++) {
            TrainingSet.Example example = examples.get(order[at]);
            example.means(means, dice.chance(0.5), (float) dice.between(0.94, 1.06));
            loss += network.learn(means, example.targets());
        }
        return loss;
    }

    private static void shuffle(int[] order, Dice dice) {
        for (int at = order.length - 1; at > 0; at--) {
            int other = dice.whole(0, at);
            int swap = order[at];
            order[at] = order[other];
            order[other] = swap;
        }
    }
}
