package org.picket.model.build;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.ModelFault;

/// A model loaded into ONNX Runtime on the CPU. Not thread-safe.
public final class CpuRun implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String model;

    private CpuRun(OrtEnvironment environment, OrtSession session, String model) {
        this.environment = environment;
        this.session = session;
        this.model = model;
    }

    /// What came out.
    ///
    /// @param values in the order of the shape's axes
    /// @param shape sides
    public record Output(float[] values, long[] shape) {
        /// One row of what is `[1, rows, width]`.
        ///
        /// @param whose what messages call it
        /// @throws ModelFault where it has another shape, or no such row
        public float[] row(int row, String whose) {
            if (shape.length != 3 || shape[0] != 1 || row >= shape[1]) {
                throw new ModelFault("The output of " + whose + " is " + Arrays.toString(shape)
                        + ", not one row of numbers for each token. Give the encoder of a CLIP export.");
            }
            int width = values.length / Math.toIntExact(shape[1]);
            return Arrays.copyOfRange(values, row * width, (row + 1) * width);
        }
    }

    /// One value to feed: elements in native order and their shape.
    public record Input(ElementType type, ByteBuffer elements, long... shape) {
        /// Bytes.
        public static Input bytes(byte[] values, long... shape) {
            return new Input(
                    ElementType.UINT8, direct(values.length).put(values).rewind(), shape);
        }

        /// Numbers of a text encoder, in 64 or 32 bits.
        public static Input integers(ElementType type, long[] values, long... shape) {
            ByteBuffer elements = direct(values.length * type.bytes());
            for (long value : values) {
                switch (type) {
                    case INT64 -> elements.putLong(value);
                    case INT32 -> elements.putInt(Math.toIntExact(value));
                    case FLOAT, FLOAT16, UINT8 -> throw new IllegalArgumentException("no integers: " + type);
                }
            }
            return new Input(type, elements.rewind(), shape);
        }

        /// Numbers of a vision encoder, in 32 or 16 bits.
        public static Input floats(ElementType type, float[] values, long... shape) {
            ByteBuffer elements = direct(values.length * type.bytes());
            for (float value : values) {
                switch (type) {
                    case FLOAT -> elements.putFloat(value);
                    case FLOAT16 -> elements.putShort(Float.floatToFloat16(value));
                    case INT64, INT32, UINT8 -> throw new IllegalArgumentException("no floats: " + type);
                }
            }
            return new Input(type, elements.rewind(), shape);
        }

        private static ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
    }

    /// Loads a model from a file.
    ///
    /// @param name what messages call it
    /// @throws ModelFault where the runtime cannot
    public static CpuRun open(Path file, String name) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "picket");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            environment.setTelemetry(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return new CpuRun(environment, environment.createSession(file.toString(), options), name);
        } catch (OrtException cause) {
            throw new ModelFault(
                    "ONNX Runtime " + environment.getVersion() + " cannot load " + name + ": " + cause.getMessage()
                            + " Use an export for this version of it, or one in another precision.",
                    cause);
        }
    }

    /// Runs the model for one output.
    ///
    /// @throws ModelFault where it fails
    public Output run(Map<String, Input> inputs, String output) {
        Map<String, OnnxTensor> fed = new HashMap<>();
        try {
            for (Map.Entry<String, Input> entry : inputs.entrySet()) {
                Input input = entry.getValue();
                fed.put(
                        entry.getKey(),
                        OnnxTensor.createTensor(environment, input.elements(), input.shape(), java(input.type())));
            }
            try (OrtSession.Result result = session.run(fed, Set.of(output))) {
                return floats(result.get(0), output);
            }
        } catch (OrtException cause) {
            throw new ModelFault(
                    model + " cannot be run: " + cause.getMessage()
                            + " If this speaks of a shape, export it with a dynamic batch.",
                    cause);
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    private Output floats(OnnxValue value, String output) {
        // The runtime has no buffer for what is of other types.
        FloatBuffer buffer = Optional.of(value)
                .filter(OnnxTensor.class::isInstance)
                .map(tensor -> ((OnnxTensor) tensor).getFloatBuffer())
                .orElseThrow(() -> new ModelFault(model + " gives " + output
                        + " not as a tensor of 16- or 32-bit floats. Export it so (of scikit-learn: without zipmap)."));
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return new Output(values, ((OnnxTensor) value).getInfo().getShape());
    }

    private static OnnxJavaType java(ElementType type) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
        };
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException cause) {
            throw new IllegalStateException("The session could not be closed.", cause);
        }
    }
}
