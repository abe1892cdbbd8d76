package org.picket.agent.session;

import java.time.Duration;
import java.util.Objects;

/// Bounds of an agent.
///
/// @param receiving leases whose views come in at once: the next one's views are on their way while this one's
/// are scored
/// @param unanswered leases beyond these that may wait for the answer to their verdicts
/// @param window frames of one lease under way
/// @param batchWait how long the first view of a batch waits for others
/// @param acquireWait how long the coordinator may hold a request for a lease
/// @param drain how long leases may take to finish once the agent is to stop
/// @param firstLook time between two looks for what can be reported, until a first verdict was accepted; then there is
/// one with each heartbeat
/// @param limits what its operator allows
public record AgentSettings(
        int receiving,
        int unanswered,
        int window,
        Duration batchWait,
        Duration acquireWait,
        Duration drain,
        Duration firstLook,
        AgentLimits limits) {

    /// 3 × 64 views of 150 kB are 29 MB.
    public static final AgentSettings DEFAULT = new AgentSettings(
            3,
            16,
            64,
            Duration.ofMillis(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            AgentLimits.NONE);

    public AgentSettings {
        Objects.requireNonNull(limits);
        if (receiving < 1 || unanswered < 1 || window < 1) {
            throw new IllegalArgumentException("an agent receives at least one lease, and one frame of it, at a time");
        }
    }

    /// As its operator allows.
    public AgentSettings with(AgentLimits other) {
        return new AgentSettings(receiving, unanswered, window, batchWait, acquireWait, drain, firstLook, other);
    }
}
