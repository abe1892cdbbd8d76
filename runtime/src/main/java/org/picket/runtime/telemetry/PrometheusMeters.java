package org.picket.runtime.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Micrometer's registry for Prometheus, with the process's own numbers in it. The one class that knows Micrometer.
final class PrometheusMeters implements Meters {
    /// Numbers of one process, all together; more would mean that a label is not of a fixed set.
    private static final int MOST = 4_096;

    private static final Duration[] CLASSES = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusMeters.class);

    private final PrometheusMeterRegistry registry;
    private final AtomicInteger all;
    private final Runnable end;
    /// The registry holds on to what it asks only weakly.
    private final Map<Meter, DoubleSupplier> own = new ConcurrentHashMap<>();
    /// Those of the whole process, and those that were registered here.
    private final Collection<Things> things;

    private final Collection<Things> ownThings = new ConcurrentLinkedQueue<>();

    private PrometheusMeters(
            PrometheusMeterRegistry registry, Collection<Things> things, AtomicInteger all, Runnable end) {
        this.registry = registry;
        this.things = things;
        this.all = all;
        this.end = end;
    }

    /// Begins with the numbers of the JVM and the process.
    static PrometheusMeters begin() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmGcMetrics collections = new JvmGcMetrics();
        List.of(
                        new JvmMemoryMetrics(),
                        collections,
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
        return new PrometheusMeters(registry, new ConcurrentLinkedQueue<>(), new AtomicInteger(), () -> {
            collections.close();
            registry.close();
        });
    }

    /// All numbers, in the text format 0.0.4.
    synchronized String scrape() {
        things.forEach(Things::ask);
        return registry.scrape();
    }

    @Override
    public void counter(String name, String help, DoubleSupplier value, Label... labels) {
        MeterRules.counter(name, help);
        admit(name);
        own.put(
                FunctionCounter.builder(name, value, asked(name))
                        .description(help)
                        .tags(tags(labels))
                        .register(registry),
                value);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, Label... labels) {
        MeterRules.gauge(name, help);
        admit(name);
        own.put(
                Gauge.builder(name, value, asked(name))
                        .description(help)
                        .tags(tags(labels))
                        .register(registry),
                value);
    }

    @Override
    public void gauges(String name, String help, String thing, Supplier<Map<Long, Double>> values) {
        MeterRules.gauge(name, help);
        String label = Label.of(thing, 1).name();
        MultiGauge gauge = MultiGauge.builder(name).description(help).register(registry);
        Things each = new Things(name, values, told -> gauge.register(rows(label, told), true));
        ownThings.add(each);
        things.add(each);
    }

    private static List<MultiGauge.Row<?>> rows(String label, Map<Long, Double> values) {
        return values.entrySet().stream()
                .<MultiGauge.Row<?>>map(
                        each -> MultiGauge.Row.of(Tags.of(label, Long.toString(each.getKey())), each.getValue()))
                .toList();
    }

    @Override
    public Timing timing(String name, String help, Label... labels) {
        MeterRules.timing(name, help);
        admit(name);
        Timer timer = Timer.builder(name)
                .description(help)
                .tags(tags(labels))
                .serviceLevelObjectives(CLASSES)
                .register(registry);
        own.put(timer, () -> 0);
        return timer::record;
    }

    /// What fails to answer is left out of this scrape, and spoils no other.
    private static ToDoubleFunction<DoubleSupplier> asked(String name) {
        return value -> {
            try {
                return value.getAsDouble();
            } catch (RuntimeException e) {
                LOG.debug("{} has no value now: {}", name, e.getClass().getSimpleName());
                return Double.NaN;
            }
        };
    }

    private void admit(String name) {
        if (all.incrementAndGet() > MOST) {
            throw new IllegalStateException(name + " would be number " + MOST + " of all: some label has no bound");
        }
    }

    private static List<Tag> tags(Label... labels) {
        return Arrays.stream(labels)
                .map(label -> Tag.of(label.name(), label.value()))
                .toList();
    }

    @Override
    public Meters within() {
        return new PrometheusMeters(registry, things, all, () -> {});
    }

    @Override
    public void close() {
        own.keySet().forEach(registry::remove);
        all.addAndGet(-own.size());
        own.clear();
        things.removeAll(ownThings);
        ownThings.forEach(Things::end);
        ownThings.clear();
        end.run();
    }
}
