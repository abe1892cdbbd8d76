package org.picket.agent.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import org.picket.runtime.channel.Connection;
import org.picket.runtime.time.BackOff;

/// Which of several coordinators of one collective is asked for the next lease: each in its turn, those to
/// which there is no connection only where no other has one, and those that did not answer of late only where
/// no other does.
///
/// For one thread.
final class Rounds {
    private static final IntFunction<Connection> ALL_STAND = _ -> Connection.STANDS;

    private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(32));

    private final int[] failures;
    private final Instant[] awayUntil;
    private int next;

    /// @param first is asked first
    Rounds(int coordinators, int first) {
        failures = new int[coordinators];
        awayUntil = new Instant[coordinators];
        Arrays.fill(awayUntil, Instant.MIN);
        next = first;
    }

    /// The one that is asked now.
    ///
    /// @param connections how that to each stands
    int next(Instant now, IntFunction<Connection> connections) {
        int soonest = next;
        Optional<Connection> best = Optional.empty();
        for (int i = 0; i < failures.length; i++) {
            int one = (next + i) % failures.length;
            if (!awayUntil[one].isAfter(now)) {
                Connection stands = connections.apply(one);
                if (best.isEmpty() || stands.compareTo(best.get()) < 0) {
                    best = Optional.of(stands);
                    soonest = one;
                }
            } else if (best.isEmpty() && awayUntil[one].isBefore(awayUntil[soonest])) {
                soonest = one;
            }
        }
        next = (soonest + 1) % failures.length;
        return soonest;
    }

    /// The one that is asked now, where all can be reached.
    int next(Instant now) {
        return next(now, ALL_STAND);
    }

    void answered(int one) {
        failures[one] = 0;
        awayUntil[one] = Instant.MIN;
    }

    /// It did not answer: it is left alone for a while, longer each time.
    void failed(int one, Instant now) {
        failures[one]++;
        awayUntil[one] = now.plus(BACK_OFF.whole(failures[one]));
    }

    /// Whether another than the last one may be asked at once.
    boolean others(Instant now) {
        return Arrays.stream(awayUntil).anyMatch(until -> !until.isAfter(now));
    }

    int coordinators() {
        return failures.length;
    }
}
