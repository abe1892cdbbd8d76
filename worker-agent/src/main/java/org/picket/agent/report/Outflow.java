package org.picket.agent.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.picket.runtime.time.Pace;

/// Bytes of verdicts that go out: how many, how fast, and no faster than the operator allows. No verdict is held up,
/// since its lease would be over; the next lease waits until what went out is paid for, so that the bound is one of
/// the average.
///
/// Safe for any number of threads. Instants are those of a `Ticker`.
public final class Outflow {
    private static final double NANOS = 1e9;
    private static final double WINDOW_SECONDS = 10;

    private final Optional<Pace> pace;
    private long bytes;
    private double rate;
    private long last;

    /// @param most bytes a second; empty: no bound
    public Outflow(OptionalLong most) {
        this.pace = most.isPresent() ? Optional.of(new Pace(most.getAsLong())) : Optional.empty();
    }

    /// A verdict goes out.
    synchronized void went(int length, long now) {
        if (bytes == 0) {
            last = now;
        }
        double step = Math.max(0, now - last) / NANOS;
        rate = rate * Math.exp(-step / WINDOW_SECONDS) + length / WINDOW_SECONDS;
        last = now;
        bytes += length;
        pace.ifPresent(bound -> bound.take(length, now));
    }

    /// How long until what went out is paid for; empty: it is.
    public Optional<Duration> left(long now) {
        return pace.map(bound -> Duration.ofNanos(bound.left(now))).filter(Duration::isPositive);
    }

    /// All that went out.
    public synchronized long bytes() {
        return bytes;
    }

    /// Bytes a second, as an average over about the last ten seconds.
    public synchronized double perSecond(long now) {
        return rate * Math.exp(-Math.max(0, now - last) / NANOS / WINDOW_SECONDS);
    }
}
