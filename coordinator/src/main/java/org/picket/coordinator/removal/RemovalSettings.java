package org.picket.coordinator.removal;

import java.time.Duration;

/// Bounds of handing orders out.
///
/// @param visibility how long an order is out with a crawler before it is handed out again
/// @param longestWait the longest that a crawler may wait for orders in one call
/// @param poll how often a waiting call looks for orders that no hint has told of
/// @param outLimit orders of one storage that may be out at once
public record RemovalSettings(Duration visibility, Duration longestWait, Duration poll, int outLimit) {
    private static final Duration LEAST_POLL = Duration.ofMillis(10);

    public RemovalSettings {
        if (visibility.isNegative()
                || visibility.isZero()
                || longestWait.isNegative()
                || poll.compareTo(LEAST_POLL) < 0
                || outLimit < 1) {
            throw new IllegalArgumentException(
                    "orders are out for some time, at least one at once, and looked for at most every 10 ms");
        }
    }

    /// Out for 60 s, waited for up to 30 s, looked for every second, 1,024 at once.
    public static RemovalSettings standard() {
        return new RemovalSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(1), 1_024);
    }
}
