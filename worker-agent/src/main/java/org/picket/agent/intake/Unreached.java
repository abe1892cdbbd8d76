package org.picket.agent.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.picket.proto.v1.DirectRoute;

/// Crawlers that could not be reached directly, and when that is tried again: after ten minutes, then twice as
/// long after each failure, up to two hours. While one lease tries, others do not.
///
/// Safe for any number of threads.
final class Unreached {
    static final Duration FIRST = Duration.ofMinutes(10);
    static final Duration LONGEST = Duration.ofHours(2);

    /// Longer than any attempt to connect takes.
    static final Duration TRIAL = Duration.ofMinutes(1);

    private static final int MOST = 1_024;

    private final Map<DirectRoute, Failure> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DirectRoute, Failure> eldest) {
            return size() > MOST;
        }
    };

    /// @param why in words
    private record Failure(Duration span, Instant until, String why) {}

    /// Whether it is to be tried now.
    synchronized boolean tries(DirectRoute route, Instant now) {
        Failure failure = failures.get(route);
        if (failure == null) {
            return true;
        }
        if (failure.until().isAfter(now)) {
            return false;
        }
        failures.put(route, new Failure(failure.span(), now.plus(TRIAL), failure.why()));
        return true;
    }

    /// It was reached.
    synchronized void reached(DirectRoute route) {
        failures.remove(route);
    }

    /// It could not be reached. Several leases that tried at once count as one.
    ///
    /// @param why in words
    synchronized void failed(DirectRoute route, Instant now, String why) {
        Failure before = failures.get(route);
        if (before == null) {
            failures.put(route, new Failure(FIRST, now.plus(FIRST), why));
        } else if (!before.until().isAfter(now.plus(TRIAL))) {
            Duration twice = before.span().multipliedBy(2);
            Duration span = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
            failures.put(route, new Failure(span, now.plus(span), why));
        }
    }

    /// What of it a person should know, while it lasts.
    synchronized List<String> lacks(Instant now) {
        return failures.entrySet().stream()
                .filter(one -> one.getValue().until().isAfter(now))
                .map(one -> "views come over the coordinator's relay: the crawler at "
                        + one.getKey().getAddress() + " could not be reached ("
                        + one.getValue().why()
                        + "); it is tried again after " + one.getValue().span().toMinutes() + " min")
                .toList();
    }
}
