package org.picket.runtime.telemetry;

import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Numbers of one of several equal parts, told apart by a label.
///
/// @param all where they are told
/// @param part the label
record PartMeters(Meters all, Label part) implements Meters {
    @Override
    public void counter(String name, String help, DoubleSupplier value, Label... labels) {
        all.counter(name, help, value, with(labels));
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, Label... labels) {
        all.gauge(name, help, value, with(labels));
    }

    /// Such things are told by their own numbers, and those of two parts could have the same.
    @Override
    public void gauges(String name, String help, String thing, Supplier<Map<Long, Double>> values) {
        throw new UnsupportedOperationException(name + " is told for the whole process, and not for a part");
    }

    @Override
    public Timing timing(String name, String help, Label... labels) {
        return all.timing(name, help, with(labels));
    }

    private Label[] with(Label... labels) {
        return Stream.concat(Stream.of(part), Arrays.stream(labels)).toArray(Label[]::new);
    }

    @Override
    public Meters within() {
        return new PartMeters(all.within(), part);
    }

    @Override
    public void close() {
        all.close();
    }
}
