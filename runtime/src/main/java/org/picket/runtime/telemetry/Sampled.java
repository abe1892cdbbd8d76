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

    public Sampled(Duration every, TimeSource time, Supplier<T> read) {
        this.every = every;
        this.time = time;
        this.read = read;
    }

    /// The last sample, where it is fresh enough, else a new one.
    ///
    /// @throws IllegalStateException where the last attempt failed a short while ago
    @Override
    public synchronized T get() {
        Instant now = time.now();
        if (!now.isBefore(next)) {
            last = Optional.empty();
            next = now.plus(every);
            last = Optional.of(read.get());
        }
        return last.orElseThrow(() -> new IllegalStateException("could not be read a short while ago"));
    }
}
