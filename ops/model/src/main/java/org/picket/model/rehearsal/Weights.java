package org.picket.model.rehearsal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.Graph;
import org.picket.model.scene.Dice;
import org.picket.proto.v1.BundlePrecision;

/// Random weights in a graph, and products with them in one of three kinds of arithmetic, each as exporters
/// write it.
final class Weights {
    private static final int LEVELS = 127;

    private final Graph graph;
    private final BundlePrecision precision;
    private final Dice dice;

    Weights(Graph graph, BundlePrecision precision, long seed) {
        this.graph = graph;
        this.precision = precision;
        this.dice = new Dice(seed);
    }

    ElementType type() {
        return precision == BundlePrecision.BUNDLE_PRECISION_FP16 ? ElementType.FLOAT16 : ElementType.FLOAT;
    }

    /// Evenly spread from `-reach` to `reach`.
    String random(double reach, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int at = 0; at < values.length; at++) {
            values[at] = (float) dice.between(-reach, reach);
        }
        return constant(values, shape);
    }

    String filled(float value, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        Arrays.fill(values, value);
        return constant(values, shape);
    }

    String constant(float[] values, long... shape) {
        ElementType type = type();
        ByteBuffer raw = ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (type == ElementType.FLOAT16) {
                raw.putShort(Float.floatToFloat16(value));
            } else {
                raw.putFloat(value);
            }
        }
        return graph.constant(type, raw, shape);
    }

    /// The product with a random matrix that keeps the scale of its input, plus a random vector.
    String linear(String input, int from, int to) {
        double reach = Math.sqrt(3.0 / from);
        String product = precision == BundlePrecision.BUNDLE_PRECISION_INT8
                ? quantised(input, from, to, reach)
                : graph.apply("MatMul", input, random(reach, from, to));
        return graph.apply("Add", product, random(0.02, to));
    }

    /// As dynamic quantisation writes it: weights of eight bits with one scale, inputs scaled as they come.
    private String quantised(String input, int from, int to, double reach) {
        byte[] levels = new byte[from * to];
        for (int at = 0; at < levels.length; at++) {
            levels[at] = (byte) (dice.whole(-LEVELS, LEVELS) + LEVELS + 1);
        }
        String matrix = graph.constant(ElementType.UINT8, ByteBuffer.wrap(levels), from, to);
        String middle = graph.constant(ElementType.UINT8, ByteBuffer.wrap(new byte[] {(byte) (LEVELS + 1)}));
        List<String> scaled = graph.applyForSeveral(3, "DynamicQuantizeLinear", input);
        String whole = graph.apply("MatMulInteger", scaled.get(0), matrix, scaled.get(2), middle);
        String scale = graph.apply("Mul", scaled.get(1), graph.constant(new float[] {(float) (reach / LEVELS)}, 1));
        return graph.apply("Mul", graph.castToFloat(whole), scale);
    }
}
