package org.picket.runtime.telemetry;

import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Nobody asks.
enum NoMeters implements Meters {
    NONE;

    @Override
    public void counter(String name, String help, DoubleSupplier value, Label... labels) {}

    @Override
    public void gauge(String name, String help, DoubleSupplier value, Label... labels) {}

    @Override
    public void gauges(String name, String help, String thing, Supplier<Map<Long, Double>> values) {}

    @Override
    public Timing timing(String name, String help, Label... labels) {
        return taken -> {};
    }

    @Override
    public Meters within() {
        return this;
    }

    @Override
    public Meters within(Label part) {
        return this;
    }

    @Override
    public void close() {}
}
