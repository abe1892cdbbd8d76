package org.picket.bench.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.picket.agent.bundle.Bundle;

/// The least that a program can do with ONNX Runtime: its own defaults (all cores, threads that spin), the
/// input made once, the output into memory that the caller owns.
final class NakedLoop implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Bundle bundle;

    NakedLoop(Bundle bundle) throws OrtException {
        this.bundle = bundle;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            session = environment.createSession(bundle.model(), options);
        }
    }

    /// Views per second.
    double run(ByteBuffer views, int batch, double seconds) throws OrtException {
        long[] shape = {batch, bundle.viewSize(), bundle.viewSize(), 3};
        long[] scored = {batch, bundle.concepts().size()};
        ByteBuffer in = views.duplicate().order(ByteOrder.nativeOrder()).clear().limit(batch * bundle.viewBytes());
        ByteBuffer out = ByteBuffer.allocateDirect((int) (scored[0] * scored[1]) * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        long nanos = (long) (seconds * 1e9);
        long done = 0;
        try (OnnxTensor input = OnnxTensor.createTensor(environment, in, shape, OnnxJavaType.UINT8);
                OnnxTensor output = OnnxTensor.createTensor(environment, out.asFloatBuffer(), scored)) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < nanos) {
                try (OrtSession.Result result = session.run(Map.of("views", input), Map.of("scores", output))) {
                    done += result.size() * batch;
                }
            }
            return done / ((System.nanoTime() - begin) / 1e9);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
