package org.picket.model.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.picket.model.graph.ModelFault;

/// A safetensors file: eight bytes with the length of a JSON header, the header, the elements. Only the tensors
/// that are asked for are read.
record WeightsFile(Path file) {
    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
    private static final long MAX_HEADER = 8L << 20;

    /// Numbers of one tensor: a projection of 4,096 to 4,096, twice as wide as the largest that is known.
    private static final int MAX_ELEMENTS = 1 << 24;

    /// Numbers, row by row.
    record Tensor(float[] values, int[] shape) {}

    /// One tensor of 32 or 16 bits.
    ///
    /// @throws ModelFault where the file has none such
    Tensor tensor(String name) {
        try (FileChannel channel = FileChannel.open(file)) {
            long header = read(channel, 0, Long.BYTES).getLong();
            if (header < 2 || header > MAX_HEADER) {
                throw new ModelFault(file + " is no safetensors file. Give the model.safetensors of the same model.");
            }
            String json = StandardCharsets.UTF_8
                    .decode(read(channel, Long.BYTES, (int) header))
                    .toString();
            if (!(JsonParser.parseString(json).getAsJsonObject().get(name) instanceof JsonObject tensor)
                    || !tensor.keySet().containsAll(FIELDS)) {
                throw new ModelFault(file + " has no " + name + ". Give the model.safetensors of the same CLIP model.");
            }
            return read(channel, Long.BYTES + header, tensor);
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + "). Check the path and its permissions.", cause);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | ArithmeticException cause) {
            throw new ModelFault(
                    file + " is no safetensors file, or a damaged one. Fetch the model.safetensors again.", cause);
        }
    }

    private Tensor read(FileChannel channel, long data, JsonObject tensor) throws IOException {
        int[] shape = tensor.getAsJsonArray("shape").asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
        long from = tensor.getAsJsonArray("data_offsets").get(0).getAsLong();
        String type = tensor.get("dtype").getAsString();
        int width = type.equals("F32") ? Float.BYTES : Short.BYTES;
        if (from < 0 || !(width == Float.BYTES || type.equals("F16") || type.equals("BF16"))) {
            throw new ModelFault(file + " has weights of another kind than 16 or 32 bits. Use another of its forms.");
        }
        int elements = 1;
        for (int side : shape) {
            if (side < 1) {
                throw new ArithmeticException("a side of " + side);
            }
            elements = Math.multiplyExact(elements, side);
        }
        if (elements > MAX_ELEMENTS) {
            throw new ModelFault(file + " has more than " + MAX_ELEMENTS
                    + " numbers in what should be a projection. Give the model.safetensors of the same CLIP model.");
        }
        // Before anything is made as large as the header says, the file must be as long as that.
        ByteBuffer raw = read(channel, Math.addExact(data, from), Math.multiplyExact(elements, width));
        float[] values = new float[elements];
        for (int at = 0; at < elements; at++) {
            values[at] = switch (type) {
                case "F32" -> raw.getFloat();
                case "F16" -> Float.float16ToFloat(raw.getShort());
                default -> Float.intBitsToFloat(raw.getShort() << 16);
            };
        }
        return new Tensor(values, shape);
    }

    private static ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
        if (from > channel.size() - bytes) {
            throw new IOException("it ends early");
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("it ends early");
            }
        }
        return buffer.flip();
    }
}
