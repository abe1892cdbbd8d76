package org.picket.agent.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.limit.FixedPoint;

/// One bundle's graph, loaded and ready. Views go in from a direct buffer without a copy; scores come out in
/// fixed point. Several threads may call [#infer] at once, each with a buffer of its own; [#close] must come
/// after the last. A thread that infers must not write to its buffer until the call returns.
public final class Engine implements AutoCloseable {
    private static final String INPUT = "views";
    private static final String OUTPUT = "scores";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ProviderChoice choice;
    private final String providerClass;
    private final int viewSize;
    private final int concepts;
    private final int maxBatch;

    private Engine(OrtEnvironment environment, OrtSession session, ProviderChoice choice, Bundle bundle, int maxBatch) {
        this.environment = environment;
        this.session = session;
        this.choice = choice;
        this.providerClass = providerClass(environment, choice.provider(), bundle);
        this.viewSize = bundle.viewSize();
        this.concepts = bundle.concepts().size();
        this.maxBatch = maxBatch;
    }

    /// Loads a bundle. A GPU that was asked for and cannot be had is no refusal: the CPU computes, and
    /// [#choice] says why.
    public static EngineStart start(Bundle bundle, EngineSettings settings) {
        OrtEnvironment environment = environment();
        ProviderChoice choice = ProviderProbe.choose(environment, settings);
        EngineStart first = load(environment, bundle, settings, choice);
        return switch (first) {
            case EngineStart.Started started -> started;
            case EngineStart.Refused refused -> afterRefusal(environment, bundle, settings, choice, refused);
        };
    }

    /// A GPU that works but cannot run this very graph is no refusal either.
    private static EngineStart afterRefusal(
            OrtEnvironment environment,
            Bundle bundle,
            EngineSettings settings,
            ProviderChoice choice,
            EngineStart.Refused refused) {
        if (choice.provider() == Provider.CPU) {
            return refused;
        }
        List<String> reasons = new ArrayList<>(choice.reasons());
        reasons.add(choice.provider() + " does not run this bundle: " + refused.inWords());
        return load(environment, bundle, settings, new ProviderChoice(Provider.CPU, reasons));
    }

    /// Loads ONNX Runtime's libraries, once a process.
    public static void load() {
        environment();
    }

    private static OrtEnvironment environment() {
        Telemetry.forbid();
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "picket");
        try {
            environment.setTelemetry(false);
        } catch (OrtException cause) {
            throw new IllegalStateException("ONNX Runtime's reporting to its maker cannot be switched off.", cause);
        }
        return environment;
    }

    private static EngineStart load(
            OrtEnvironment environment, Bundle bundle, EngineSettings settings, ProviderChoice choice) {
        String name = "The graph of the bundle " + bundle.manifest().getName();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(settings.threads());
            options.setInterOpNumThreads(1);
            // Waiting threads sleep: crawler, database and decoders share the machine.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // The rules that were applied to the model are those of this format alone.
            options.addConfigEntry("session.load_model_format", "ONNX");
            choice.provider().addTo(options, settings);
            OrtSession session = environment.createSession(bundle.model(), options);
            Optional<String> wrong = wrongShape(session, bundle);
            if (wrong.isPresent()) {
                session.close();
                return new EngineStart.Refused(name + " does not fit its manifest: " + wrong.get());
            }
            return new EngineStart.Started(new Engine(environment, session, choice, bundle, settings.maxBatch()));
        } catch (OrtException cause) {
            return new EngineStart.Refused(name + " cannot be loaded by ONNX Runtime " + environment.getVersion() + ": "
                    + cause.getMessage() + " Use a bundle made for this version.");
        }
    }

    private static Optional<String> wrongShape(OrtSession session, Bundle bundle) throws OrtException {
        if (!session.getInputNames().equals(Set.of(INPUT))) {
            return Optional.of("its one input must be called views.");
        }
        int size = bundle.viewSize();
        if (!(session.getInputInfo().get(INPUT).getInfo() instanceof TensorInfo input)
                || input.type != OnnxJavaType.UINT8
                || !shaped(input, size, size, 3)) {
            return Optional.of("its input must be uint8 [N, " + size + ", " + size + ", 3].");
        }
        if (!session.getOutputNames().contains(OUTPUT)) {
            return Optional.of("it has no output called scores.");
        }
        int concepts = bundle.concepts().size();
        if (!(session.getOutputInfo().get(OUTPUT).getInfo() instanceof TensorInfo output)
                || output.type != OnnxJavaType.FLOAT
                || !shaped(output, concepts)) {
            return Optional.of("its output scores must be float [N, " + concepts + "].");
        }
        return Optional.empty();
    }

    /// Whether the first axis is free and the others are these.
    private static boolean shaped(TensorInfo tensor, long... rest) {
        long[] shape = tensor.getShape();
        boolean fits = shape.length == rest.length + 1 && shape[0] == -1;
        for (int axis = 0; fits && axis < rest.length; axis++) {
            fits = shape[axis + 1] == rest[axis];
        }
        return fits;
    }

    /// Scores the first `count` views at the buffer's beginning; position and limit are not looked at.
    ///
    /// @param views a direct buffer in native order, as from [#newInput]
    /// @param count 1 to [#maxBatch]
    public Inference infer(ByteBuffer views, int count) {
        if (!views.isDirect() || views.capacity() < (long) count * viewBytes() || count < 1 || count > maxBatch) {
            throw new IllegalArgumentException("A batch is 1 to " + maxBatch + " views in one direct buffer.");
        }
        ByteBuffer batch =
                views.duplicate().order(ByteOrder.nativeOrder()).clear().limit(count * viewBytes());
        long[] shape = {count, viewSize, viewSize, 3};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, batch, shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of(INPUT, input), Set.of(OUTPUT))) {
            return read(result.get(0), count);
        } catch (OrtException cause) {
            return new Inference.Broken(String.valueOf(cause.getMessage()));
        }
    }

    private Inference read(OnnxValue value, int count) {
        FloatBuffer scores = value instanceof OnnxTensor tensor ? tensor.getFloatBuffer() : FloatBuffer.allocate(0);
        if (scores.remaining() != count * concepts) {
            return new Inference.Broken("the graph gave " + scores.remaining() + " scores for " + count + " views");
        }
        short[] fixed = new short[count * concepts];
        List<Integer> notFinite = new ArrayList<>();
        for (int view = 0; view < count; view++) {
            boolean finite = true;
            for (int concept = 0; concept < concepts; concept++) {
                float score = scores.get(view * concepts + concept);
                finite &= Float.isFinite(score);
                fixed[view * concepts + concept] = Float.isFinite(score) ? FixedPoint.of(score) : 0;
            }
            if (!finite) {
                notFinite.add(view);
            }
        }
        return notFinite.isEmpty() ? new Inference.Scored(fixed, count, concepts) : new Inference.NotFinite(notFinite);
    }

    /// A buffer for [#infer] that holds a full batch.
    public ByteBuffer newInput() {
        return ByteBuffer.allocateDirect(Math.multiplyExact(maxBatch, viewBytes()))
                .order(ByteOrder.nativeOrder());
    }

    /// Bytes of one view.
    public int viewBytes() {
        return viewSize * viewSize * 3;
    }

    /// Scores of one view.
    public int concepts() {
        return concepts;
    }

    /// Most views in one call.
    public int maxBatch() {
        return maxBatch;
    }

    /// The provider in use and why not another.
    public ProviderChoice choice() {
        return choice;
    }

    /// What verdicts say of this engine, for instance `cpu-fp32-ort1.29-amd64`: results of one class are
    /// comparable within the tolerance of that class.
    public String providerClass() {
        return providerClass;
    }

    private static String providerClass(OrtEnvironment environment, Provider provider, Bundle bundle) {
        String[] version = environment.getVersion().split("\\.");
        String precision = switch (bundle.manifest().getPrecision()) {
            case BUNDLE_PRECISION_FP32 -> "fp32";
            case BUNDLE_PRECISION_FP16 -> "fp16";
            case BUNDLE_PRECISION_INT8 -> "int8";
            case BUNDLE_PRECISION_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
        return provider.word() + "-" + precision + "-ort" + version[0] + "." + version[1] + "-"
                + System.getProperty("os.arch");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException cause) {
            throw new IllegalStateException("The inference session could not be closed.", cause);
        }
    }
}
