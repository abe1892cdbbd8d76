package org.picket.runtime.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.picket.runtime.Version;
import org.picket.runtime.lifecycle.LifeState;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.lifecycle.Standing;
import org.picket.runtime.time.TimeSource;

/// Answers whoever asks at this machine how the process stands: `/metrics` for Prometheus, `/healthz` (200 as
/// long as it answers at all), `/readyz` (200 while it is READY, else 503).
///
/// A process starts it first, so that it can be seen to start, and hands [#meters] to its parts.
public final class Telemetry implements AutoCloseable {
    /// The longest that [#close] takes.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final PrometheusMeters meters;
    private final WatchEndpoint endpoint;
    private final Lifecycle parts;

    private Telemetry(PrometheusMeters meters, WatchEndpoint endpoint, Lifecycle parts) {
        this.meters = meters;
        this.endpoint = endpoint;
        this.parts = parts;
    }

    /// Listens, and knows the numbers of the JVM and the process already.
    ///
    /// @param address of the loopback interface; port 0 chooses a free one
    /// @param standing of the process
    /// @throws IllegalArgumentException where others than this machine could ask
    /// @throws UncheckedIOException where nothing can listen there
    public static Telemetry start(InetSocketAddress address, Supplier<Standing> standing, TimeSource time) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("metrics are served on loopback only, say 127.0.0.1:9464; for others"
                    + " put a proxy before it that knows them");
        }
        return Lifecycle.assemble("telemetry", time, parts -> {
            PrometheusMeters meters =
                    parts.start("meters", Duration.ofSeconds(2), PrometheusMeters::begin, PrometheusMeters::close);
            process(meters, standing, time);
            WatchEndpoint endpoint = parts.start(
                    "endpoint", Duration.ofSeconds(2), () -> listen(address, meters, standing), WatchEndpoint::end);
            return new Telemetry(meters, endpoint, parts);
        });
    }

    private static WatchEndpoint listen(
            InetSocketAddress address, PrometheusMeters meters, Supplier<Standing> standing) {
        try {
            return WatchEndpoint.start(address, meters::scrape, standing);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing can listen at " + address + ": " + e.getMessage(), e);
        }
    }

    private static void process(Meters meters, Supplier<Standing> standing, TimeSource time) {
        meters.gauge(
                "picket_build", "Always 1; the label says the version.", () -> 1, Label.of("version", Version.PICKET));
        for (LifeState state : LifeState.values()) {
            meters.gauge(
                    "picket_state",
                    "1 for the state that the process is in, else 0.",
                    () -> standing.get().state() == state ? 1 : 0,
                    Label.of("state", state));
        }
        meters.gauge(
                "picket_state_age_seconds",
                "How long the process has been in its state.",
                () -> Duration.between(standing.get().since(), time.now()).toMillis() / 1e3);
    }

    /// Where parts say which numbers they have.
    public Meters meters() {
        return meters;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return endpoint.address();
    }

    @Override
    public void close() {
        parts.close();
    }
}
