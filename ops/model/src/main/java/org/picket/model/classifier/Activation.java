package org.picket.model.classifier;

import org.picket.model.graph.Graph;

/// What a classifier's raw outputs go through to become scores.
public enum Activation {
    /// Scores of one view add up to 1: one class is meant.
    SOFTMAX,
    /// Each score by itself from 0 to 1.
    SIGMOID,
    /// As they come.
    NONE;

    String in(Graph graph, String raw) {
        return switch (this) {
            case SOFTMAX -> graph.softmax(raw);
            case SIGMOID -> graph.apply("Sigmoid", raw);
            case NONE -> raw;
        };
    }

    /// The same by itself, in double precision.
    float[] of(float[] raw) {
        float[] scores = new float[raw.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : raw) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (float value : raw) {
            sum += Math.exp(value - largest);
        }
        for (int at = 0; at < raw.length; at++) {
            scores[at] = switch (this) {
                case SOFTMAX -> (float) (Math.exp(raw[at] - largest) / sum);
                case SIGMOID -> (float) (1 / (1 + Math.exp(-raw[at])));
                case NONE -> raw[at];
            };
        }
        return scores;
    }
}
