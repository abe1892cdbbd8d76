package org.picket.runtime.telemetry;

import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Where parts say which numbers they have. Names are Prometheus's, with their unit: `…_total` grows, `…_seconds`
/// and `…_bytes` say what they count.
///
/// This thin layer stands before the registry for three reasons: a part that is counted needs no library for it
/// (an agent stays small), names and labels are checked in one place, and switched off it costs nothing.
///
/// Safe for any number of threads.
public interface Meters extends AutoCloseable {
    /// Things of one kind that are told of, at most.
    int MOST_THINGS = 1_000;

    /// A number that only grows while its part lives.
    ///
    /// @param name ends with `_total`
    /// @param help one sentence, for people
    /// @param value asked at each scrape; answers at once
    void counter(String name, String help, DoubleSupplier value, Label... labels);

    /// A number that goes up and down.
    ///
    /// @param name says its unit unless it counts things
    /// @param help one sentence, for people
    /// @param value asked at each scrape; answers at once
    void gauge(String name, String help, DoubleSupplier value, Label... labels);

    /// Numbers of things that come and go, such as storages: one for each, told by the thing's own number. Of more than
    /// [#MOST_THINGS] those with the lowest numbers are told.
    ///
    /// @param name says its unit unless it counts things
    /// @param help one sentence, for people
    /// @param thing the label, as in `storage`
    /// @param values by the things' numbers, asked at each scrape; answers at once; what it leaves out is not told
    void gauges(String name, String help, String thing, Supplier<Map<Long, Double>> values);

    /// How long things take, in classes.
    ///
    /// @param name ends with `_seconds`
    /// @param help one sentence, for people
    Timing timing(String name, String help, Label... labels);

    /// Takes durations.
    @FunctionalInterface
    interface Timing {
        void record(Duration taken);
    }

    /// For parts that end before the process does: what is registered there goes when it is closed.
    Meters within();

    /// For one of several equal parts: all that is registered there has that label too, and goes as in [#within].
    default Meters within(Label part) {
        return new PartMeters(within(), part);
    }

    /// Nothing more is told of what was registered here.
    @Override
    void close();

    /// Nobody asks.
    static Meters none() {
        return NoMeters.NONE;
    }
}
