package org.picket.agent.session;

import java.time.Duration;

/// Bounds of an agent.
///
/// @param receiving leases whose views come in at once: the next one's views are on their way while this one's
/// are scored
/// @param unanswered leases beyond these that may wait for the answer to their verdicts
/// @param window frames of one lease under way
/// @param batchWait how long the first view of a batch waits for others
/// @param acquireWait how long the coordinator may hold a request for a lease
/// @param drain how long leases may take to finish once the agent is to stop
public record AgentSettings(
        int receiving, int unanswered, int window, Duration batchWait, Duration acquireWait, Duration drain) {

    /// 3 × 64 views of 150 kB are 29 MB.
    public static final AgentSettings DEFAULT =
            new AgentSettings(3, 16, 64, Duration.ofMillis(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    public AgentSettings {
        if (receiving < 1 || unanswered < 1 || window < 1) {
            throw new IllegalArgumentException("an agent receives at least one lease, and one frame of it, at a time");
        }
    }
}
