package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Reason;

/// Objects that stand in line at one child.
class DecoderLineIT {

    private static final byte[] START_OF_JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0};

    private static byte[] object(int bytes) {
        return java.util.Arrays.copyOf(START_OF_JPEG, bytes);
    }

    private static List<Decoded> together(DecoderPool pool, int... lengths) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(lengths.length)) {
            List<Callable<Decoded>> tasks = java.util.Arrays.stream(lengths)
                    .<Callable<Decoded>>mapToObj(length -> () -> pool.decode(object(length), length, 32))
                    .toList();
            return threads.invokeAll(tasks).stream().map(Future::resultNow).toList();
        }
    }

    private static Reason reason(Decoded decoded) {
        return assertInstanceOf(Decoded.Undecodable.class, decoded).reason();
    }

    private static DecoderPool pool(String lie, Duration deadline) {
        return new DecoderPool(Vectors.SETTINGS.withDeadline(deadline), () -> TreacherousChild.command(lie));
    }

    @Test
    void objectBehindOneThatKillsTheChildIsNotBlamed() throws Exception {
        try (DecoderPool pool = pool("die of short ones when another waits", Duration.ofSeconds(60))) {
            int whole = TreacherousChild.SHORT;
            List<Decoded> all = together(pool, 8, whole, 8, whole, whole);
            assertEquals(
                    List.of(Reason.DECODER_CRASHED, Reason.EMPTY, Reason.DECODER_CRASHED, Reason.EMPTY, Reason.EMPTY),
                    all.stream().map(DecoderLineIT::reason).toList());
        }
    }

    @Test
    void timeOfAnObjectBeginsWhenTheOneBeforeItIsDone() throws Exception {
        Duration deadline = TreacherousChild.SLOW.multipliedBy(5).dividedBy(3);
        try (DecoderPool pool = pool("slow", deadline)) {
            List<Decoded> all = together(pool, 8, 8, 8);
            assertEquals(
                    Stream.generate(() -> Reason.EMPTY).limit(3).toList(),
                    all.stream().map(DecoderLineIT::reason).toList());
        }
    }

    @Test
    void objectBehindOneThatHangsIsTakenByAnotherChild() throws Exception {
        Duration deadline = TreacherousChild.SLOW.dividedBy(2);
        try (DecoderPool pool = pool("slow", deadline)) {
            // Each holds its own child up, and none is late because of the other.
            assertEquals(
                    List.of(Reason.DECODER_TIMED_OUT, Reason.DECODER_TIMED_OUT),
                    together(pool, 8, 8).stream().map(DecoderLineIT::reason).toList());
        }
    }

    @Test
    void complaintsAboutAnObjectAreNotTakenForThoseAboutTheNext() throws Exception {
        try (DecoderPool pool = pool("complaints of every second one", Duration.ofSeconds(60))) {
            List<Decoded> all = together(
                    pool, java.util.stream.IntStream.generate(() -> 8).limit(40).toArray());
            assertEquals(
                    20, all.stream().filter(Decoded.Views.class::isInstance).count());
        }
    }

    @Test
    void childThatPrintsTooMuchIsNotHeard() throws Exception {
        try (DecoderPool pool = pool("too much ado", Duration.ofSeconds(2))) {
            assertInstanceOf(Decoded.Undecodable.class, pool.decode(object(8), 8, 32));
        }
    }
}
