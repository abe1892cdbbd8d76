package org.picket.cli;

import picocli.CommandLine.Option;

/// Where a process tells how it stands, for [Watching].
final class MetricsOption extends Flags {
    @Option(
            names = "--metrics",
            paramLabel = "ADDRESS",
            description = "answers Prometheus at /metrics there, say 127.0.0.1:9464; default: nothing listens")
    private void metrics(String value) {
        give(Keys.METRICS, value);
    }
}
