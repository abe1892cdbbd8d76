package org.picket.agent.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.picket.agent.inference.Inference;
import org.picket.runtime.channel.Pixels;
import org.picket.runtime.channel.ViewFrame;

@Timeout(30)
class BatcherTest {
    private static final int VIEW_BYTES = 3;
    private static final byte BREAKS = 98;
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Throughput throughput = new Throughput();
    private final Batcher batcher = new Batcher(new Scores(), Duration.ofMillis(1), 16, throughput);

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void errorOfTheModelCostsItsBatchAlone() throws InterruptedException {
        // More often than there are buffers.
        for (int i = 0; i < 5; i++) {
            LeaseScan broken = scan();
            assertTrue(batcher.offer(new Arrival(broken, Pixels.of(new byte[] {BREAKS, 0, 0}), () -> {})));
            assertEquals(LeaseScan.Standing.FAILED, broken.await(LONG));
            assertEquals(Trouble.Part.INFERENCE, broken.trouble().orElseThrow().part());
        }
        scoresAnother();
    }

    @Test
    void viewThatCannotBeTakenInCostsItsLeaseAlone() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            LeaseScan tooLong = scan();
            assertTrue(batcher.offer(new Arrival(tooLong, Pixels.of(new byte[100]), () -> {})));
            assertEquals(LeaseScan.Standing.FAILED, tooLong.await(LONG));
            LeaseScan gone = scan();
            assertTrue(batcher.offer(new Arrival(gone, Pixels.of(new byte[VIEW_BYTES]), () -> {
                throw new IllegalStateException("the call is over");
            })));
            assertEquals(LeaseScan.Standing.FAILED, gone.await(LONG));
            assertEquals(Trouble.Part.VIEWS, gone.trouble().orElseThrow().part());
        }
        scoresAnother();
    }

    private void scoresAnother() throws InterruptedException {
        LeaseScan sound = scan();
        assertTrue(batcher.offer(new Arrival(sound, Pixels.of(new byte[] {7, 0, 0}), () -> {})));
        assertEquals(LeaseScan.Standing.COMPLETE, sound.await(LONG));
        assertEquals(7, sound.passage().orElseThrow().scores().byteAt(1));
    }

    /// Of a lease with one object, which has one view.
    private static LeaseScan scan() {
        LeaseScan scan = new LeaseScan(VIEW_BYTES);
        scan.arrived(new ViewFrame.Chunk(0, 0, Pixels.of(new byte[VIEW_BYTES])), Instant.EPOCH);
        scan.arrived(new ViewFrame.Segment(0, 1));
        scan.arrived(new ViewFrame.End(1));
        return scan;
    }

    /// The score of a view is its first byte.
    private static final class Scores implements Scorer {
        @Override
        public int maxBatch() {
            return 4;
        }

        @Override
        public int concepts() {
            return 1;
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
        public Inference infer(ByteBuffer views, int count) {
            short[] fixed = new short[count];
            for (int view = 0; view < count; view++) {
                fixed[view] = views.get(view * VIEW_BYTES);
                if (fixed[view] == BREAKS) {
                    throw new LinkageError("a native function is missing");
                }
            }
            return new Inference.Scored(fixed, count, 1);
        }
    }
}
