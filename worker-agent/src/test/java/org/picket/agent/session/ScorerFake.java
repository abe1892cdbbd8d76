package org.picket.agent.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.agent.inference.Inference;
import org.picket.agent.intake.Scorer;

/// Two scores of a view: its first byte, and its second. A first byte of 99 is a view that has no score.
final class ScorerFake implements Scorer {
    static final int VIEW_BYTES = 12;
    static final byte POISON = 99;
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger views = new AtomicInteger();

    @Override
    public int maxBatch() {
        return 8;
    }

    @Override
    public int concepts() {
        return 2;
    }

    @Override
    public int viewBytes() {
        return VIEW_BYTES;
    }

    @Override
    public ByteBuffer newInput() {
        return ByteBuffer.allocateDirect(maxBatch() * VIEW_BYTES);
    }

    @Override
    public Inference infer(ByteBuffer input, int count) {
        batches.incrementAndGet();
        views.addAndGet(count);
        short[] fixed = new short[count * 2];
        List<Integer> bad = new ArrayList<>();
        for (int view = 0; view < count; view++) {
            fixed[view * 2] = input.get(view * VIEW_BYTES);
            fixed[view * 2 + 1] = input.get(view * VIEW_BYTES + 1);
            if (fixed[view * 2] == POISON) {
                bad.add(view);
            }
        }
        return bad.isEmpty() ? new Inference.Scored(fixed, count, 2) : new Inference.NotFinite(bad);
    }
}
