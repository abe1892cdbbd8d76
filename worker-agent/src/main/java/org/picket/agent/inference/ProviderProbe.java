package org.picket.agent.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out which provider really works, by running one addition on it: the runtime's own list of providers
/// proves nothing, and it does not fall back by itself.
final class ProviderProbe {
    private static final List<Provider> AUTOMATIC = List.of(Provider.CUDA, Provider.COREML);

    private ProviderProbe() {}

    /// The wanted provider, or without a wish the fastest one; the CPU where that cannot be had.
    static ProviderChoice choose(OrtEnvironment environment, EngineSettings settings) {
        List<String> reasons = new ArrayList<>();
        for (Provider candidate : settings.wanted().map(List::of).orElse(automatic())) {
            Optional<String> lack = lack(environment, candidate, settings);
            if (lack.isEmpty()) {
                return new ProviderChoice(candidate, reasons);
            }
            reasons.add(lack.get());
        }
        return new ProviderChoice(Provider.CPU, reasons);
    }

    /// CoreML is not asked for where it cannot be, so that no one reads of it there.
    private static List<Provider> automatic() {
        boolean apple = System.getProperty("os.name", "").startsWith("Mac");
        return AUTOMATIC.stream()
                .filter(provider -> (provider == Provider.COREML) == apple)
                .toList();
    }

    private static Optional<String> lack(OrtEnvironment environment, Provider provider, EngineSettings settings) {
        if (provider == Provider.CPU) {
            return Optional.empty();
        }
        boolean compiledIn = OrtEnvironment.getAvailableProviders().contains(provider.runtimeName());
        String complaint = "";
        if (compiledIn) {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                provider.addTo(options, settings);
                addOneAndOne(environment, options);
                return Optional.empty();
            } catch (OrtException refused) {
                complaint = String.valueOf(refused.getMessage());
            }
        }
        ProviderLack lack = ProviderLack.of(provider, compiledIn, complaint, driverSeen());
        return Optional.of(lack.inWords(provider, complaint));
    }

    private static boolean driverSeen() {
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        return !linux || Files.exists(Path.of("/proc/driver/nvidia/version")) || Files.exists(Path.of("/dev/dxg"));
    }

    private static void addOneAndOne(OrtEnvironment environment, OrtSession.SessionOptions options)
            throws OrtException {
        try (OrtSession session = environment.createSession(additionGraph(), options);
                OnnxTensor one = OnnxTensor.createTensor(environment, new float[] {1f});
                OrtSession.Result result = session.run(Map.of("x", one))) {
            float sum = ((float[]) result.get(0).getValue())[0];
            if (sum != 2f) {
                throw new OrtException("one and one is " + sum);
            }
        }
    }

    /// The ONNX model `y = x + x`, float [1], written field by field: ir_version 8, operator set 17.
    private static byte[] additionGraph() {
        byte[] node = message(out -> {
            out.writeString(1, "x");
            out.writeString(1, "x");
            out.writeString(2, "y");
            out.writeString(4, "Add");
        });
        byte[] graph = message(out -> {
            out.writeByteArray(1, node);
            out.writeString(2, "probe");
            out.writeByteArray(11, value("x"));
            out.writeByteArray(12, value("y"));
        });
        byte[] operators = message(out -> out.writeInt64(2, 17));
        return message(out -> {
            out.writeInt64(1, 8);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, operators);
        });
    }

    private static byte[] value(String name) {
        byte[] dimension = message(out -> out.writeInt64(1, 1));
        byte[] shape = message(out -> out.writeByteArray(1, dimension));
        byte[] tensor = message(out -> {
            out.writeInt32(1, 1);
            out.writeByteArray(2, shape);
        });
        byte[] type = message(out -> out.writeByteArray(1, tensor));
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, type);
        });
    }

    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException("A message in memory cannot fail.", impossible);
        }
        return bytes.toByteArray();
    }
}
