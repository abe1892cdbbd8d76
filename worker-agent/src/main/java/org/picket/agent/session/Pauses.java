package org.picket.agent.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.picket.runtime.time.BackOff;

/// How long an agent waits between two requests for a lease.
final class Pauses {
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final BackOff SPAN = new BackOff(Duration.ofSeconds(4), Duration.ofSeconds(15));
    /// A coordinator that starts anew is back within so many tries.
    private static final int SOON = 6;

    private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(100);

    private Pauses() {}

    /// Somewhere within a span, which after the first failures doubles with each: a coordinator needs milliseconds of a
    /// processor to shake hands with one agent, and a thousand that lost it do not all come back at once.
    static Duration backOff(int failures) {
        long span = SPAN.whole(failures - SOON + 1).toMillis();
        return SHORTEST_BACK_OFF.plusMillis(ThreadLocalRandom.current().nextLong(span));
    }

    /// What a coordinator asks for, within bounds.
    static Duration clamp(Duration pause) {
        Duration least = pause.compareTo(SHORTEST) < 0 ? SHORTEST : pause;
        return least.compareTo(LONGEST) > 0 ? LONGEST : least;
    }
}
