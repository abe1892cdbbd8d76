package org.picket.cli;

import java.net.InetSocketAddress;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.telemetry.Telemetry;
import org.picket.runtime.time.TimeSource;

/// Answers Prometheus where the settings name an address.
final class Watching {
    private Watching() {}

    /// The first part of a process, so that it can be seen to start.
    ///
    /// @param process which is told of, and with which it ends
    /// @return where the other parts say what they have to tell
    static Meters start(Configuration configuration, Lifecycle process) {
        return configuration
                .get(Keys.METRICS)
                .map(address -> process.start(
                        "telemetry",
                        Telemetry.ENDS_WITHIN,
                        () -> Telemetry.start(address, process::standing, TimeSource.system()),
                        Telemetry::close))
                .map(telemetry -> {
                    InetSocketAddress at = telemetry.address();
                    System.err.println(
                            "picket: metrics at http://" + at.getHostString() + ":" + at.getPort() + "/metrics");
                    return telemetry.meters();
                })
                .orElseGet(Meters::none);
    }
}
