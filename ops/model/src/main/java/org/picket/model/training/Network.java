package org.picket.model.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.picket.model.graph.Graph;
import org.picket.model.scene.Concept;
import org.picket.model.scene.Dice;

/// The stand-in's network: means over 4x4 pixels, three convolutions, mean and maximum of each channel, one
/// linear score per concept through a sigmoid. Some 10,000 numbers and 1.7 million multiplications a view. Not
/// thread-safe.
public final class Network {
    /// Side of a view in pixels.
    public static final int VIEW_SIZE = 224;

    /// Pixels on a side that become one mean.
    static final int POOL = 4;

    /// Side of the picture of means.
    static final int SIDE = VIEW_SIZE / POOL;

    /// Values of the picture of means.
    static final int INPUTS = 3 * SIDE * SIDE;

    private static final int CONCEPTS = Concept.values().length;

    private final List<Convolution> layers;
    private final float[][] outs;
    private final float[][] gradients;
    private final Parameter headWeights;
    private final Parameter headBias = new Parameter(CONCEPTS);
    private final int channels;
    private final float[] features;
    private final int[] peaks;

    Network(Dice dice) {
        Convolution edges = new Convolution(3, SIDE, 12, 5, 2, dice);
        Convolution parts = new Convolution(12, edges.outSide(), 24, 3, 2, dice);
        Convolution things = new Convolution(24, parts.outSide(), 32, 3, 1, dice);
        this.layers = List.of(edges, parts, things);
        this.outs = buffers();
        this.gradients = buffers();
        this.channels = things.outChannels();
        this.features = new float[2 * channels];
        this.peaks = new int[channels];
        this.headWeights = Parameter.random(features.length * CONCEPTS, StrictMath.sqrt(3.0 / features.length), dice);
    }

    private float[][] buffers() {
        return layers.stream()
                .map(layer -> new float[layer.outChannels() * layer.places()])
                .toArray(float[][]::new);
    }

    private List<Parameter> parameters() {
        return Stream.concat(
                        layers.stream().flatMap(layer -> Stream.of(layer.weights(), layer.bias())),
                        Stream.of(headWeights, headBias))
                .toList();
    }

    /// Moves one learned number, counted over all in their fixed order.
    void nudge(int number, float by) {
        Place place = place(number);
        place.parameter().values()[place.at()] += by;
    }

    /// What one picture adds to the gradient of one learned number.
    float gradientOf(float[] means, float[] targets, int number) {
        Place place = place(number);
        float before = place.parameter().gradient()[place.at()];
        learn(means, targets);
        return place.parameter().gradient()[place.at()] - before;
    }

    private record Place(Parameter parameter, int at) {}

    private Place place(int number) {
        int at = number;
        for (Parameter parameter : parameters()) {
            if (at < parameter.values().length) {
                return new Place(parameter, at);
            }
            at -= parameter.values().length;
        }
        throw new IllegalArgumentException("There are not as many learned numbers as " + number);
    }

    /// Scores of one picture of means (values from -0.5 to 0.5, channels first), one per concept.
    float[] scores(float[] means) {
        float[] out = means;
        for (int layer = 0; layer < layers.size(); layer++) {
            out = layers.get(layer).forward(out, outs[layer]);
        }
        summarise(out);
        float[] scores = new float[CONCEPTS];
        for (int concept = 0; concept < CONCEPTS; concept++) {
            double sum = headBias.values()[concept];
            for (int feature = 0; feature < features.length; feature++) {
                sum += (double) headWeights.values()[feature * CONCEPTS + concept] * features[feature];
            }
            scores[concept] = (float) (1 / (1 + StrictMath.exp(-sum)));
        }
        return scores;
    }

    private void summarise(float[] out) {
        int places = out.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            int from = channel * places;
            int peak = from;
            float sum = 0;
            for (int place = from; place < from + places; place++) {
                sum += out[place];
                peak = out[place] > out[peak] ? place : peak;
            }
            peaks[channel] = peak;
            features[channel] = sum / places;
            features[channels + channel] = out[peak];
        }
    }

    /// Adds the gradient of the logistic loss of one picture; a target below 0 is not learned from. Returns the
    /// loss.
    double learn(float[] means, float[] targets) {
        float[] scores = scores(means);
        float[] featureGradient = new float[features.length];
        double loss = 0;
        for (int concept = 0; concept < CONCEPTS; concept++) {
            if (targets[concept] >= 0) {
                float error = scores[concept] - targets[concept];
                loss -= StrictMath.log(Math.max(1e-7, 1 - Math.abs(error)));
                headBias.gradient()[concept] += error;
                for (int feature = 0; feature < features.length; feature++) {
                    int weight = feature * CONCEPTS + concept;
                    headWeights.gradient()[weight] += error * features[feature];
                    featureGradient[feature] += error * headWeights.values()[weight];
                }
            }
        }
        int last = layers.size() - 1;
        int places = outs[last].length / channels;
        for (int channel = 0; channel < channels; channel++) {
            int from = channel * places;
            Arrays.fill(gradients[last], from, from + places, featureGradient[channel] / places);
            gradients[last][peaks[channel]] += featureGradient[channels + channel];
        }
        for (int layer = last; layer >= 0; layer--) {
            layers.get(layer).backward(outs[layer], gradients[layer], layer == 0 ? new float[0] : gradients[layer - 1]);
        }
        return loss;
    }

    void step(float rate, int batch, int step) {
        parameters().forEach(parameter -> parameter.step(rate, batch, step));
    }

    /// The network as an ONNX graph from views to scores.
    public byte[] graph() {
        Graph graph = Graph.ofViews("stand-in", VIEW_SIZE);
        String means = graph.averagePool(graph.castToFloat(graph.transpose("views", 0, 3, 1, 2)), POOL);
        String centred = graph.apply(
                "Sub",
                graph.apply("Mul", means, graph.constant(new float[] {1 / 255f}, 1)),
                graph.constant(new float[] {0.5f}, 1));
        String value = centred;
        for (Convolution layer : layers) {
            String weights = graph.constant(
                    layer.weights().values(), layer.outChannels(), layer.inChannels(), layer.kernel(), layer.kernel());
            String bias = graph.constant(layer.bias().values(), layer.outChannels());
            value = graph.apply("Relu", graph.convolve(value, weights, bias, layer.kernel(), layer.stride()));
        }
        String joined = graph.flatten(
                graph.concatenate(1, graph.apply("GlobalAveragePool", value), graph.apply("GlobalMaxPool", value)));
        String sums = graph.apply("MatMul", joined, graph.constant(headWeights.values(), features.length, CONCEPTS));
        String logits = graph.apply("Add", sums, graph.constant(headBias.values(), CONCEPTS));
        return graph.scores(graph.apply("Sigmoid", logits), CONCEPTS);
    }
}
