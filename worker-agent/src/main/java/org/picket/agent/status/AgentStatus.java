package org.picket.agent.status;

import java.util.List;
import java.util.Optional;

/// An agent at one moment.
///
/// @param viewsPerSecond measured; 0 while unknown
/// @param views scored since the start
/// @param counts of leases and verdicts since the start
/// @param leases under way, the oldest first
/// @param idle why there is no further lease; empty while there is
/// @param downgrades why the engine is not what was wanted; empty where it is
public record AgentStatus(
        double viewsPerSecond,
        long views,
        Counts counts,
        List<LeaseStatus> leases,
        Optional<String> idle,
        List<String> downgrades) {

    public AgentStatus {
        leases = List.copyOf(leases);
        downgrades = List.copyOf(downgrades);
    }

    /// One lease under way.
    ///
    /// @param shard its shard
    /// @param cursor objects whose scores are complete
    /// @param objects as listed
    /// @param waiting views that came and are not scored yet
    public record LeaseStatus(long shard, int cursor, int objects, int waiting) {}

    /// Counts since the start.
    ///
    /// @param leases that were granted
    /// @param accepted verdicts that count
    /// @param late verdicts that came too late
    /// @param rejected verdicts that were not believed
    /// @param lost leases that were taken away
    /// @param givenBack leases that could not be finished
    public record Counts(long leases, long accepted, long late, long rejected, long lost, long givenBack) {}
}
