package org.picket.coordinator.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.picket.proto.id.MemberId;

/// So much an hour for each agent. Bound by the agents that had any within the last hour.
///
/// Safe for any number of threads.
final class HourlyLimit {
    private static final Duration WINDOW = Duration.ofHours(1);

    private final int most;
    private final Map<MemberId, Window> windows = new HashMap<>();

    private record Window(Instant since, int count) {}

    HourlyLimit(int most) {
        this.most = most;
    }

    /// Takes one.
    ///
    /// @return whether there was one left
    synchronized boolean take(MemberId agent, Instant now) {
        windows.values().removeIf(window -> window.since().plus(WINDOW).isBefore(now));
        Window window = windows.getOrDefault(agent, new Window(now, 0));
        if (window.count() >= most) {
            return false;
        }
        windows.put(agent, new Window(window.since(), window.count() + 1));
        return true;
    }
}
