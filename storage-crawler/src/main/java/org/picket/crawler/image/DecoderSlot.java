package org.picket.crawler.image;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.picket.crawler.image.structure.Flaw;
import org.picket.runtime.channel.PixelPool;
import org.picket.runtime.time.BackOff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One place for a child in the pool: starts it, replaces it when it is dead or worn, keeps its successor warm.
/// Several threads may decode at once, whose objects stand in line.
final class DecoderSlot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DecoderSlot.class);

    /// An object that ends so many children is not tried again.
    private static final int MAX_DEATHS = 2;

    private static final int MAX_STARTS = 5;
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5));
    /// A few deaths in a row may be a few hostile objects in a row; more, and starting is slowed down.
    private static final int DEATHS_WITHOUT_BACKOFF = 4;

    private final DecoderSettings settings;
    private final Supplier<ProcessBuilder> command;
    private final ScheduledExecutorService watchdog;
    private final PixelPool arrays;
    private final DecodeCounts counts;
    private final CountDownLatch closed = new CountDownLatch(1);
    /// Held while children are exchanged: who finds a dead one waits for the next.
    private final ReentrantLock exchange = new ReentrantLock();

    private volatile CompletableFuture<DecoderChild> current;
    private volatile Optional<CompletableFuture<DecoderChild>> successor = Optional.empty();
    private volatile int deathsInARow;

    DecoderSlot(
            DecoderSettings settings,
            Supplier<ProcessBuilder> command,
            ScheduledExecutorService watchdog,
            PixelPool arrays,
            DecodeCounts counts) {
        this.counts = counts;
        this.command = command;
        this.settings = settings;
        this.watchdog = watchdog;
        this.arrays = arrays;
        this.current = begin();
    }

    Decoded decode(byte[] object, int length, int size, DecoderWish wish) throws InterruptedException {
        int deaths = 0;
        while (deaths < MAX_DEATHS) {
            DecoderChild child = ready();
            DecoderChild.Answer answer = child.ask(object, length, size, wish);
            if (closed.getCount() == 0) {
                throw new IllegalStateException("the decoder pool was closed");
            }
            switch (answer) {
                case DecoderChild.Answer.Told told -> {
                    lived(child);
                    return told.decoded();
                }
                case DecoderChild.Answer.Late ignored -> {
                    died("did not answer within " + settings.deadline());
                    return new Decoded.Undecodable(Flaw.TIMED_OUT);
                }
                case DecoderChild.Answer.Died ignored -> {
                    deaths++;
                    died("died");
                }
                // Another object's death: as often as others ahead of it die, and each does so twice at most.
                case DecoderChild.Answer.PutOff ignored -> {}
            }
        }
        return new Decoded.Undecodable(Flaw.CRASHED);
    }

    /// Tells, by the thread that starts it, whether its first child is ready.
    void whenBegun(Consumer<Boolean> told) {
        current.handle((child, failure) -> Optional.ofNullable(child).isPresent())
                .thenAccept(told);
    }

    /// Whether its child has given up what it does not need; waits for one that is starting.
    boolean isListed() {
        try {
            return current.join().isListed();
        } catch (CompletionException | CancellationException notStarted) {
            return false;
        }
    }

    private void died(String how) throws InterruptedException {
        exchange.lockInterruptibly();
        try {
            deathsInARow++;
            counts.restarted();
            LOG.warn(
                    "a decoder process {} while decoding an object, death {} in a row; starting another",
                    how,
                    deathsInARow);
            if (deathsInARow > DEATHS_WITHOUT_BACKOFF) {
                pause(deathsInARow - DEATHS_WITHOUT_BACKOFF);
            }
            // Whoever stood behind may have found it dead already.
            if (current.isDone() && !isUsable(current)) {
                current = begin();
            }
        } finally {
            exchange.unlock();
        }
    }

    private static boolean isUsable(CompletableFuture<DecoderChild> child) {
        return !child.isCompletedExceptionally() && child.join().isUsable();
    }

    /// A living child; starts another as often as allowed if the current one is dead or did not start.
    private DecoderChild ready() throws InterruptedException {
        CompletableFuture<DecoderChild> now = current;
        if (now.isDone() && isUsable(now)) {
            return now.join();
        }
        exchange.lockInterruptibly();
        try {
            return exchanged();
        } finally {
            exchange.unlock();
        }
    }

    private DecoderChild exchanged() throws InterruptedException {
        for (int start = 1; ; start++) {
            try {
                DecoderChild child = current.get();
                if (child.isUsable()) {
                    return child;
                }
                LOG.debug("a decoder process is dead; starting another");
            } catch (ExecutionException e) {
                if (start == MAX_STARTS) {
                    // An agent hears that its supply failed, and no more.
                    LOG.error(
                            "decoder processes do not start ({} attempts, the last: {}): see the memory limits of this"
                                    + " machine, and whether {} can be written and executed from",
                            MAX_STARTS,
                            e.getCause().getMessage(),
                            settings.natives());
                    throw new IllegalStateException("decoder processes do not start", e.getCause());
                }
                LOG.warn(
                        "a decoder process did not start ({}), attempt {}",
                        e.getCause().getMessage(),
                        start);
                pause(start);
            }
            if (closed.getCount() == 0) {
                throw new IllegalStateException("the decoder pool is closed");
            }
            current = begin();
        }
    }

    /// Waits longer each time; ends early when the pool closes.
    private void pause(int times) throws InterruptedException {
        if (closed.await(BACK_OFF.whole(times).toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("the decoder pool was closed");
        }
    }

    /// Starts a worn child's successor and, once that is ready, swaps them. Where others are at it already, the
    /// next object will do.
    private void lived(DecoderChild child) {
        boolean worn = child.asked() >= settings.objectsPerChild();
        if (!worn && deathsInARow == 0 || !exchange.tryLock()) {
            return;
        }
        boolean replaced = false;
        try {
            deathsInARow = 0;
            boolean stands = current.isDone() && !current.isCompletedExceptionally() && current.join() == child;
            if (!worn || !stands) {
                return;
            }
            if (successor.isEmpty()) {
                successor = Optional.of(begin());
            } else if (successor.get().isDone()) {
                replaced = !successor.get().isCompletedExceptionally();
                current = replaced ? successor.get() : current;
                successor = Optional.empty();
            }
        } finally {
            exchange.unlock();
        }
        if (replaced) {
            child.close();
        }
    }

    private CompletableFuture<DecoderChild> begin() {
        CompletableFuture<DecoderChild> future = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("decoder-start").start(() -> {
            try {
                DecoderChild child = DecoderChild.start(command.get(), watchdog, settings.deadline(), arrays);
                LOG.debug("decoder process {} is ready", child.pid());
                future.complete(child);
                if (closed.getCount() == 0) {
                    child.close();
                }
            } catch (IOException | RuntimeException | Error e) {
                // Whatever it is: whoever waits for the child must be told.
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    @Override
    public void close() {
        closed.countDown();
        end(current);
        successor.ifPresent(DecoderSlot::end);
    }

    private static void end(CompletableFuture<DecoderChild> future) {
        // One that is still starting ends itself when it is ready.
        if (future.isDone() && !future.isCompletedExceptionally()) {
            future.join().kill();
        }
    }
}
