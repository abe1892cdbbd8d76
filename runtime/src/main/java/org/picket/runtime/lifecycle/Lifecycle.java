package org.picket.runtime.lifecycle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts parts in order and stops them in reverse.
///
/// Whoever runs parts makes one, calls [#start] for each part as soon as those before it run, [#ready] when all
/// do, and [#close] in the end, whatever happened before: after a start that failed it stops what had been
/// started. A part that another one needs is started before it, so it is there until the other has stopped.
///
/// Each part is stopped on a thread of its own and has its time for it. One that takes longer is interrupted,
/// left, and named in the [UnstoppedException] that [#close] throws when all others have stopped too; a hanging
/// agent therefore never keeps the database server from being stopped. A part that has parts of its own closes
/// them by a lifecycle of its own, and is given at least the sum of their times.
///
/// Safe for any number of threads. Starts are made by one thread, one after another.
public final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final String name;
    private final TimeSource time;
    private final Optional<Lifecycle> parent;
    private final Deque<Part> running = new ArrayDeque<>();
    private final ReentrantLock closing = new ReentrantLock();
    private LifeState state = LifeState.STARTING;
    private Instant since;

    /// Something that runs.
    private record Part(String name, Duration stopsWithin, Object what, Runnable stop) {
        String seconds() {
            return BigDecimal.valueOf(stopsWithin.toMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString()
                    + " s";
        }
    }

    /// @param name what people call the whole
    /// @param time tells since when it stands where it stands
    public Lifecycle(String name, TimeSource time) {
        this(name, time, Optional.empty());
    }

    private Lifecycle(String name, TimeSource time, Optional<Lifecycle> parent) {
        this.name = name;
        this.time = time;
        this.parent = parent;
        this.since = time.now();
    }

    /// Makes something out of parts: where making it fails, the parts that run already are stopped.
    ///
    /// @param make starts the parts; what it returns closes the lifecycle that it is given
    public static <T> T assemble(String name, TimeSource time, Function<Lifecycle, T> make) {
        Lifecycle parts = new Lifecycle(name, time);
        try {
            T made = make.apply(parts);
            parts.ready();
            return made;
        } catch (RuntimeException | Error e) {
            parts.closeAfter(e);
            throw e;
        }
    }

    /// A lifecycle for a piece of this one's work: it ends before this one's parts do, at the latest with this
    /// one, and starts nothing more once this one is to end.
    public Lifecycle within(String piece) {
        Lifecycle inner = new Lifecycle(piece, time, Optional.of(this));
        // Its parts have their times; it has none beyond them.
        return start(piece, Duration.ofSeconds(Integer.MAX_VALUE), () -> inner, Lifecycle::stopAll);
    }

    /// Starts a part.
    ///
    /// @param part what people call it, in messages
    /// @param stopsWithin the longest that stopping it may take
    /// @param start returns when the part runs; what it throws is thrown on
    /// @param stop returns when the part has ended
    /// @throws IllegalStateException where this is to end; the part then does not run
    public <T> T start(String part, Duration stopsWithin, Supplier<T> start, Consumer<? super T> stop) {
        refuseAtEnd(part);
        T started = start.get();
        Part begun = new Part(part, stopsWithin, started, () -> stop.accept(started));
        if (!add(begun)) {
            stop(begun, new Left());
            refuseAtEnd(part);
        }
        LOG.debug("{}: {} runs", name, part);
        return started;
    }

    private synchronized boolean add(Part part) {
        if (state == LifeState.STOPPED) {
            return false;
        }
        running.push(part);
        return true;
    }

    private void refuseAtEnd(String part) {
        if (ends()) {
            throw new IllegalStateException(name + " is ending; " + part + " is not started any more");
        }
    }

    private boolean ends() {
        return state().compareTo(LifeState.DRAINING) >= 0
                || parent.filter(Lifecycle::ends).isPresent();
    }

    /// All parts run.
    public void ready() {
        advance(LifeState.READY);
    }

    /// This is to end: nothing more is started. Parts stop when it is closed.
    public void drain() {
        advance(LifeState.DRAINING);
    }

    /// To a later state; an earlier one is passed over, since what came after it came first.
    private synchronized void advance(LifeState next) {
        if (next.compareTo(state) > 0) {
            state = next;
            since = time.now();
        }
    }

    /// Where this stands.
    public synchronized LifeState state() {
        return state;
    }

    /// Where this stands, since when, and what runs.
    public synchronized Standing standing() {
        return new Standing(
                name,
                state,
                since,
                new ArrayList<>(running).reversed().stream().map(Part::name).toList());
    }

    /// Stops every part, the last one first. May be called again, and from any thread: then it waits for the
    /// first call and does nothing.
    ///
    /// @throws UnstoppedException where parts took longer than their time
    /// @throws RuntimeException the first that stopping a part threw, where all ended in time
    @Override
    public void close() {
        try {
            stopAll();
        } finally {
            parent.ifPresent(outer -> outer.forget(this));
        }
    }

    /// Closes after a failure, which keeps what goes wrong in doing so.
    public void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private synchronized void forget(Lifecycle piece) {
        running.removeIf(part -> part.what() == piece);
    }

    private void stopAll() {
        closing.lock();
        try {
            drain();
            Left left = new Left();
            Optional<Part> next = take();
            while (next.isPresent()) {
                stop(next.get(), left);
                next = take();
            }
            left.complain(name);
        } finally {
            closing.unlock();
        }
    }

    /// The last part, or the end.
    private synchronized Optional<Part> take() {
        Optional<Part> last = Optional.ofNullable(running.poll());
        if (last.isEmpty()) {
            advance(LifeState.STOPPED);
        }
        return last;
    }

    private void stop(Part part, Left left) {
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("stop " + part.name()).daemon().start(() -> {
            try {
                part.stop().run();
                stopped.complete(true);
            } catch (RuntimeException | Error e) {
                stopped.completeExceptionally(e);
            }
        });
        if (ended(stopped, part, left)) {
            LOG.debug("{}: {} has stopped", name, part.name());
        } else {
            thread.interrupt();
            LOG.warn("{}: {} did not stop within {}", name, part.name(), part.seconds());
        }
    }

    /// Waits for a part's end, also where this thread is interrupted: nobody else would stop the others.
    private static boolean ended(CompletableFuture<Boolean> stopped, Part part, Left left) {
        long until = System.nanoTime() + part.stopsWithin().toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return stopped.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            left.hanging.add(part.name() + " (" + part.seconds() + ")");
            return false;
        } catch (ExecutionException e) {
            left.failures.add(e.getCause());
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// What went wrong while parts were stopped.
    private static final class Left {
        private final List<String> hanging = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        void complain(String name) {
            if (!hanging.isEmpty()) {
                UnstoppedException unstopped = new UnstoppedException(name, hanging);
                failures.forEach(unstopped::addSuppressed);
                throw unstopped;
            }
            if (!failures.isEmpty()) {
                Throwable first = failures.removeFirst();
                failures.forEach(first::addSuppressed);
                switch (first) {
                    case RuntimeException fault -> throw fault;
                    case Error error -> throw error;
                    default -> throw new IllegalStateException(first);
                }
            }
        }
    }
}
