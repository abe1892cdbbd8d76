package org.picket.model.training;

import java.util.Arrays;
import org.picket.model.scene.Dice;

/// Numbers that are learned, with their gradient and the two moments that Adam keeps (Kingma and Ba, 2015).
final class Parameter {
    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.999f;
    private static final float SMALL = 1e-8f;

    private final float[] values;
    private final float[] gradient;
    private final float[] first;
    private final float[] second;

    Parameter(int size) {
        this.values = new float[size];
        this.gradient = new float[size];
        this.first = new float[size];
        this.second = new float[size];
    }

    /// Uniform numbers between minus and plus `bound`.
    static Parameter random(int size, double bound, Dice dice) {
        Parameter made = new Parameter(size);
        for (int at = 0; at < size; at++) {
            made.values[at] = (float) dice.between(-bound, bound);
        }
        return made;
    }

    float[] values() {
        return values;
    }

    float[] gradient() {
        return gradient;
    }

    /// One step of Adam down the mean gradient of a batch; clears the gradient. `step` counts from 1.
    void step(float rate, int batch, int step) {
        float firstBias = (float) (1 - StrictMath.pow(FIRST_DECAY, step));
        float secondBias = (float) (1 - StrictMath.pow(SECOND_DECAY, step));
        for (int at = 0; at < values.length; at++) {
            float slope = gradient[at] / batch;
            first[at] = FIRST_DECAY * first[at] + (1 - FIRST_DECAY) * slope;
            second[at] = SECOND_DECAY * second[at] + (1 - SECOND_DECAY) * slope * slope;
            values[at] -= rate * (first[at] / firstBias) / ((float) StrictMath.sqrt(second[at] / secondBias) + SMALL);
        }
        Arrays.fill(gradient, 0);
    }
}
