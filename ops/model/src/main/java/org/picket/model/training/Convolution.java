package org.picket.model.training;

import java.util.Arrays;
import org.picket.model.scene.Dice;

/// A convolution without padding followed by a rectifier, on one picture at a time, channels first. The picture
/// is unrolled into a matrix whose rows are the places under one kernel cell, so that every inner loop runs
/// over neighbouring floats. Not thread-safe: it keeps the last unrolled picture for the backward pass.
final class Convolution {
    private final int inChannels;
    private final int inSide;
    private final int kernel;
    private final int stride;
    private final int outChannels;
    private final int outSide;
    private final int cells;
    private final int places;
    private final Parameter weights;
    private final Parameter bias;
    private final float[] unrolled;
    private final float[] unrolledGradient;

    Convolution(int inChannels, int inSide, int outChannels, int kernel, int stride, Dice dice) {
        this.inChannels = inChannels;
        this.inSide = inSide;
        this.kernel = kernel;
        this.stride = stride;
        this.outChannels = outChannels;
        this.outSide = (inSide - kernel) / stride + 1;
        this.cells = inChannels * kernel * kernel;
        this.places = outSide * outSide;
        this.weights = Parameter.random(outChannels * cells, StrictMath.sqrt(6.0 / cells), dice);
        this.bias = new Parameter(outChannels);
        this.unrolled = new float[cells * places];
        this.unrolledGradient = new float[cells * places];
    }

    Parameter weights() {
        return weights;
    }

    Parameter bias() {
        return bias;
    }

    int kernel() {
        return kernel;
    }

    int stride() {
        return stride;
    }

    int inChannels() {
        return inChannels;
    }

    int outChannels() {
        return outChannels;
    }

    int outSide() {
        return outSide;
    }

    int places() {
        return places;
    }

    float[] forward(float[] in, float[] out) {
        unroll(in);
        for (int channel = 0; channel < outChannels; channel++) {
            int to = channel * places;
            Arrays.fill(out, to, to + places, bias.values()[channel]);
            for (int cell = 0; cell < cells; cell++) {
                addScaled(weights.values()[channel * cells + cell], unrolled, cell * places, out, to);
            }
            for (int place = to; place < to + places; place++) {
                out[place] = Math.max(0, out[place]);
            }
        }
        return out;
    }

    /// Adds to the gradients of the weights; `outGradient` is cut where the rectifier was. Fills `inGradient`
    /// unless it is empty.
    void backward(float[] out, float[] outGradient, float[] inGradient) {
        boolean wanted = inGradient.length > 0;
        if (wanted) {
            Arrays.fill(unrolledGradient, 0);
        }
        for (int channel = 0; channel < outChannels; channel++) {
            int from = channel * places;
            float sum = 0;
            for (int place = from; place < from + places; place++) {
                outGradient[place] = out[place] > 0 ? outGradient[place] : 0;
                sum += outGradient[place];
            }
            bias.gradient()[channel] += sum;
            for (int cell = 0; cell < cells; cell++) {
                int weight = channel * cells + cell;
                weights.gradient()[weight] += product(outGradient, from, unrolled, cell * places);
                if (wanted) {
                    addScaled(weights.values()[weight], outGradient, from, unrolledGradient, cell * places);
                }
            }
        }
        if (wanted) {
            roll(inGradient);
        }
    }

    private void addScaled(float scale, float[] from, int fromAt, float[] to, int toAt) {
        for (int place = 0; place < places; place++) {
            to[toAt + place] += scale * from[fromAt + place];
        }
    }

    /// Four running sums, since one would wait for itself at every step.
    private float product(float[] left, int leftAt, float[] right, int rightAt) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int place = 0;
        for (; place + 3 < places; place += 4) {
            first += left[leftAt + place] * right[rightAt + place];
            second += left[leftAt + place + 1] * right[rightAt + place + 1];
            third += left[leftAt + place + 2] * right[rightAt + place + 2];
            fourth += left[leftAt + place + 3] * right[rightAt + place + 3];
        }
        for (; place < places; place++) {
            first += left[leftAt + place] * right[rightAt + place];
        }
        return first + second + (third + fourth);
    }

    private void unroll(float[] in) {
        for (int cell = 0; cell < cells; cell++) {
            int from = start(cell);
            int to = cell * places;
            for (int y = 0; y < outSide; y++) {
                for (int x = 0; x < outSide; x++) {
                    unrolled[to++] = in[from + (y * inSide + x) * stride];
                }
            }
        }
    }

    private void roll(float[] inGradient) {
        Arrays.fill(inGradient, 0);
        for (int cell = 0; cell < cells; cell++) {
            int to = start(cell);
            int from = cell * places;
            for (int y = 0; y < outSide; y++) {
                for (int x = 0; x < outSide; x++) {
                    inGradient[to + (y * inSide + x) * stride] += unrolledGradient[from++];
                }
            }
        }
    }

    private int start(int cell) {
        int channel = cell / (kernel * kernel);
        int row = cell / kernel % kernel;
        return (channel * inSide + row) * inSide + cell % kernel;
    }
}
