package org.picket.agent.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.picket.runtime.time.Pace;
import org.picket.runtime.time.Ticker;

/// Bytes that come in, of views above all: how many, how fast, and no faster than the operator allows. Nothing
/// that was asked for is held up; what is asked for next waits until what has come is paid for, so that the
/// bound is one of the average, and a lease's window may come at once.
///
/// Safe for any number of threads. Instants are those of a [Ticker].
public final class Inflow {
    private static final double NANOS = 1e9;
    private static final double WINDOW_SECONDS = 10;

    /// With a bound, no more is under way at once than comes within this time.
    private static final int UNDER_WAY_SECONDS = 2;

    /// Frames that a stream needs to go on at all.
    private static final int LEAST_WINDOW = 4;

    private final OptionalLong most;
    private final Optional<Pace> pace;
    private long bytes;
    private double rate;
    private long last;

    /// @param most bytes a second; empty: no bound
    public Inflow(OptionalLong most) {
        this.most = most;
        this.pace = most.isPresent() ? Optional.of(new Pace(most.getAsLong())) : Optional.empty();
    }

    /// Frames of one lease that may be under way.
    ///
    /// @param usual without a bound
    /// @param leases that receive views at once
    /// @param viewBytes of one frame
    public int window(int usual, int leases, int viewBytes) {
        return most.isEmpty()
                ? usual
                : Math.clamp(most.getAsLong() * UNDER_WAY_SECONDS / leases / viewBytes, LEAST_WINDOW, usual);
    }

    /// A view came.
    synchronized void came(int length, long now) {
        if (bytes == 0) {
            last = now;
        }
        double step = Math.max(0, now - last) / NANOS;
        rate = rate * Math.exp(-step / WINDOW_SECONDS) + length / WINDOW_SECONDS;
        last = now;
        bytes += length;
        besides(length, now);
    }

    /// Something came that is no view: it is paid for, too.
    public void besides(int length, long now) {
        pace.ifPresent(bound -> bound.take(length, now));
    }

    /// How long until more may be asked for.
    public Duration left(long now) {
        return Duration.ofNanos(pace.map(bound -> bound.left(now)).orElse(0L));
    }

    /// Asks for more as soon as it may be asked for.
    void paced(Runnable ask, Ticker ticker) {
        Duration left = left(ticker.nanos());
        if (left.isZero()) {
            ask.run();
        } else {
            ticker.after(left, ask);
        }
    }

    /// All that came.
    public synchronized long bytes() {
        return bytes;
    }

    /// Bytes a second, as an average over about the last ten seconds.
    public synchronized double perSecond(long now) {
        return rate * Math.exp(-Math.max(0, now - last) / NANOS / WINDOW_SECONDS);
    }

    /// The bound.
    public OptionalLong most() {
        return most;
    }
}
