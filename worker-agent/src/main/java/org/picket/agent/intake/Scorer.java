package org.picket.agent.intake;

import java.nio.ByteBuffer;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.Inference;

/// What scores a batch of views. Used by one thread at a time.
public interface Scorer {
    /// The most views of one batch.
    int maxBatch();

    /// Scores of one view.
    int concepts();

    /// Bytes of one view.
    int viewBytes();

    /// A buffer that holds a full batch.
    ByteBuffer newInput();

    /// Scores the first views of a buffer.
    Inference infer(ByteBuffer views, int count);

    /// An engine of ONNX Runtime, whose golden views have been checked.
    static Scorer of(Engine engine) {
        return new Scorer() {
            @Override
            public int maxBatch() {
                return engine.maxBatch();
            }

            @Override
            public int concepts() {
                return engine.concepts();
            }

            @Override
            public int viewBytes() {
                return engine.viewBytes();
            }

            @Override
            public ByteBuffer newInput() {
                return engine.newInput();
            }

            @Override
            public Inference infer(ByteBuffer views, int count) {
                return engine.infer(views, count);
            }
        };
    }
}
