package org.picket.agent.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.picket.runtime.channel.Attempts;

/// How long an agent waits between two requests for a lease.
final class Pauses {
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Attempts PACE = new Attempts(1, Duration.ofSeconds(4), Duration.ofSeconds(15));
    /// A coordinator that starts anew is back within so many tries.
    private static final int SOON = 6;

    private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(100);

    private Pauses() {}

    /// Somewhere within a span, which after the first failures doubles with each: a thousand agents that lost one
    /// coordinator, which needs
    /// milliseconds of a processor to shake hands with each, do not all come back to it at once.
    static Duration backOff(int failures) {
        long whole = PACE.first().toMillis() << Math.clamp(failures - SOON, 0, 16);
        long span = Math.min(whole, PACE.longest().toMillis());
        return SHORTEST_BACK_OFF.plusMillis(ThreadLocalRandom.current().nextLong(span));
    }

    /// What a coordinator asks for, within bounds.
    static Duration clamp(Duration pause) {
        Duration least = pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause;
        return least.compareTo(LONGEST) > 0 ? LONGEST : least;
    }
}
