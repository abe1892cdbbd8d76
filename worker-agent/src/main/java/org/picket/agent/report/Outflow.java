package org.picket.agent.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Bytes of verdicts that go out: how many, how fast, and no faster than the operator allows. No verdict is held up,
/// since its lease would be over; the next lease waits until what went out is paid for, so that the bound is one of
/// the average.
///
/// Safe for any number of threads. Instants are those of a `Ticker`.
public final class Outflow {
    private static final double NANOS = 1e9;
    private static final double WINDOW_SECONDS = 10;

    private final OptionalLong most;
    private long bytes;
    private double rate;
    private long last;
    private long paidUntil;

    /// @param most bytes a second; empty: no bound
    public Outflow(OptionalLong most) {
        this.most = most;
    }

    /// A verdict goes out.
    synchronized void went(int length, long now) {
        if (bytes == 0) {
            last = now;
            paidUntil = now;
        }
        double step = Math.max(0, now - last) / NANOS;
        rate = rate * Math.exp(-step / WINDOW_SECONDS) + length / WINDOW_SECONDS;
        last = now;
        bytes += length;
        if (most.isPresent()) {
            paidUntil = Math.max(paidUntil, now) + (long) (length * NANOS / most.getAsLong());
        }
    }

    /// How long until what went out is paid for; empty: it is.
    public synchronized Optional<Duration> left(long now) {
        return bytes == 0 || paidUntil - now <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(paidUntil - now));
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
