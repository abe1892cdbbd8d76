package org.picket.coordinator.relay;

import java.time.Duration;

/// Bounds of the relay.
///
/// @param streams relayed at once; each holds up to some 2 MiB. 0: nothing is relayed
/// @param siteBytes relayed for one site within a day
/// @param agentBytes relayed to one agent within a day
/// @param meet how long an agent waits for the crawler's end
/// @param attend how long a crawler's call lasts before it is to call again
public record RelaySettings(int streams, long siteBytes, long agentBytes, Duration meet, Duration attend) {
    private static final long GIGABYTE = 1_000_000_000L;

    /// What a coordinator uses unless told otherwise. A hundred gigabytes are some 600,000 views.
    public static final RelaySettings STANDARD =
            new RelaySettings(256, 100 * GIGABYTE, 100 * GIGABYTE, Duration.ofSeconds(20), Duration.ofMinutes(30));

    public RelaySettings {
        if (streams < 0 || siteBytes < 0 || agentBytes < 0 || !meet.isPositive() || !attend.isPositive()) {
            throw new IllegalArgumentException("no bound of the relay is negative, and every wait lasts a while");
        }
    }
}
