package org.picket.model.clip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.picket.model.scene.Dice;

/// A small safetensors file of random numbers, with what the exports of [Rehearsal] may lack.
record Safetensors(Path file, Map<String, double[]> tensors) {
    private static final int EMBEDDING = 24;
    private static final int VISION = 48;
    private static final int TEXT = 32;

    static Safetensors write(Path file) throws IOException {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("text_projection.weight", new int[] {EMBEDDING, TEXT});
        shapes.put("vision_model.post_layernorm.bias", new int[] {VISION});
        shapes.put("vision_model.post_layernorm.weight", new int[] {VISION});
        shapes.put("visual_projection.weight", new int[] {EMBEDDING, VISION});
        Map<String, double[]> tensors = new LinkedHashMap<>();
        Dice dice = new Dice(3);
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        shapes.forEach((name, shape) -> {
            int from = data.position();
            double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            for (int at = 0; at < values.length; at++) {
                float value = (float) dice.between(-0.5, 0.5);
                values[at] = value;
                data.putFloat(value);
            }
            tensors.put(name, values);
            header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, Arrays.toString(shape), from, data.position()));
        });
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole =
                ByteBuffer.allocate(8 + json.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(json.length).put(json).put(data.flip());
        return new Safetensors(Files.write(file, whole.array()), tensors);
    }

    /// The product of a projection with a vector.
    double[] project(String name, double[] vector) {
        double[] product = new double[EMBEDDING];
        for (int row = 0; row < EMBEDDING; row++) {
            for (int column = 0; column < vector.length; column++) {
                product[row] += tensors.get(name)[row * vector.length + column] * vector[column];
            }
        }
        return product;
    }

    /// The vision encoder's last normalisation.
    double[] normalised(double[] token) {
        double mean = Arrays.stream(token).average().orElseThrow();
        double variance = Arrays.stream(token)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double[] normalised = new double[token.length];
        for (int at = 0; at < token.length; at++) {
            normalised[at] = (token[at] - mean)
                            / Math.sqrt(variance + 1e-5)
                            * tensors.get("vision_model.post_layernorm.weight")[at]
                    + tensors.get("vision_model.post_layernorm.bias")[at];
        }
        return normalised;
    }
}
