package org.picket.cli;

import java.time.Duration;
import org.picket.runtime.config.Readers;
import picocli.CommandLine.Option;

/// How long a person waits for what was ordered, and how that is told.
final class OrderOptions {
    private static final String USUAL = "2m";
    private static final Duration LONGEST = Duration.ofDays(7);

    @Option(
            names = "--wait",
            paramLabel = "SPAN",
            description = "in a collective: how long to wait until the crawler beside the storage has carried it out;"
                    + " 0s: not at all. It does so in any case, as soon as it can. Default 2m",
            defaultValue = USUAL)
    private String wait = USUAL;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    /// For people alone.
    void say(String words) {
        if (!json) {
            System.out.println(words);
        }
    }

    /// Says what it came to.
    ///
    /// @return the exit status
    int end(Outcomes outcomes) {
        if (json) {
            System.out.println(outcomes.json());
        } else {
            outcomes.lines().forEach(System.out::println);
        }
        return outcomes.complete() ? Exit.COMPLETE : Exit.INCOMPLETE;
    }

    Duration span() {
        if (wait.strip().matches("0+[smhdw]?")) {
            return Duration.ZERO;
        }
        try {
            Duration span = Readers.span(wait);
            if (span.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("is longer than 7d");
            }
            return span;
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--wait " + wait + " " + e.getMessage(), e);
        }
    }
}
