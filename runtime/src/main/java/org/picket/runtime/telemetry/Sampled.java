package org.picket.runtime.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.runtime.time.TimeSource;

/// What is read from a database for several numbers at once, and no more often than every so often, however
/// often it is asked for. A failure, too, lasts that long. Safe for any number of threads.
///
/// @param <T> what is read
public final class Sampled<T> implements Supplier<T> {
    private final Duration every;
    private final TimeSource time;
    private final Supplier<T> read;
    private Instant next = Instant.MIN;
    private Optional<T> last = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();

    public Sampled(Duration every, TimeSource time, Supplier<T> read) {
        this.every = every;
        this.time = time;
        this.read = read;
    }

    /// The last sample, where it is fresh enough, else a new one.
    ///
    /// @throws RuntimeException as the reading threw it, also where that was a short while ago
    @Override
    public synchronized T get() {
        Instant now = time.now();
        if (!now.isBefore(next)) {
            last = Optional.empty();
            failure = Optional.empty();
            next = now.plus(every);
            try {
                last = Optional.of(read.get());
            } catch (RuntimeException e) {
                failure = Optional.of(e);
            }
        }
        return last.orElseThrow(
                () -> failure.orElseGet(() -> new IllegalStateException("could not be read a short while ago")));
    }
}
