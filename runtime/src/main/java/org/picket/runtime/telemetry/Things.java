package org.picket.runtime.telemetry;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One number of each of some things that come and go, so many at most.
///
/// Safe for any number of threads.
final class Things {
    private static final Logger LOG = LoggerFactory.getLogger(Things.class);

    private final String name;
    private final Supplier<Map<Long, Double>> values;
    private final Consumer<Map<Long, Double>> told;
    private boolean over;

    /// @param values by the things' numbers
    /// @param told takes over which there are, and how they stand
    Things(String name, Supplier<Map<Long, Double>> values, Consumer<Map<Long, Double>> told) {
        this.name = name;
        this.values = values;
        this.told = told;
    }

    /// Tells of those that there are now.
    synchronized void ask() {
        if (!over) {
            told.accept(now());
        }
    }

    /// What fails to answer is left out of this scrape.
    private Map<Long, Double> now() {
        try {
            return values.get().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .limit(Meters.MOST_THINGS)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        } catch (RuntimeException e) {
            LOG.debug("{} has no values now: {}", name, e.getClass().getSimpleName());
            return Map.of();
        }
    }

    /// Nothing of them is told any more.
    synchronized void end() {
        over = true;
        told.accept(Map.of());
    }
}
