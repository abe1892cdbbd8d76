package org.picket.agent.status;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.agent.intake.Route;

/// An agent at one moment.
///
/// @param flow what comes in and is scored
/// @param counts of leases and verdicts since the start
/// @param leases under way, the oldest first
/// @param idle why there is no further lease; empty while there is
/// @param engine what scores
/// @param downgrades why something is not as it was wanted, or could be; empty where all is
public record AgentStatus(
        Flow flow,
        Counts counts,
        List<LeaseStatus> leases,
        Optional<String> idle,
        EngineStatus engine,
        List<String> downgrades) {

    public AgentStatus {
        leases = List.copyOf(leases);
        downgrades = List.copyOf(downgrades);
    }

    /// What comes in, is scored, and goes out.
    ///
    /// @param viewsPerSecond scored, as measured; 0 while unknown
    /// @param views scored since the start
    /// @param in of views
    /// @param out of verdicts
    public record Flow(double viewsPerSecond, long views, Bytes in, Bytes out) {}

    /// Bytes that come or go.
    ///
    /// @param perSecond of late
    /// @param all since the start
    public record Bytes(double perSecond, long all) {}

    /// What scores.
    ///
    /// @param provider of the first bundle's scores
    /// @param checks what came of scoring each bundle's golden views at the start, in words
    public record EngineStatus(String provider, List<String> checks) {
        public EngineStatus {
            checks = List.copyOf(checks);
        }
    }

    /// One lease under way.
    ///
    /// @param shard its shard
    /// @param cursor objects whose scores are complete
    /// @param objects as listed
    /// @param waiting views that came and are not scored yet
    /// @param route by which views come; empty: by none yet
    public record LeaseStatus(long shard, int cursor, int objects, int waiting, Optional<Route> route) {}

    /// Counts since the start.
    ///
    /// @param leases that were granted
    /// @param accepted verdicts that count
    /// @param late verdicts that came too late
    /// @param rejected verdicts that were not believed
    /// @param lost leases that were taken away
    /// @param givenBack leases that could not be finished
    /// @param acceptedViews views in verdicts that count
    public record Counts(
            long leases, long accepted, long late, long rejected, long lost, long givenBack, long acceptedViews) {}

    /// The same, where something else is waited for than what asking for leases says.
    public AgentStatus waitingFor(Optional<String> bundle) {
        return new AgentStatus(flow, counts, leases, bundle.or(() -> idle), engine, downgrades);
    }

    /// The same, with downgrades that others know of, before its own.
    public AgentStatus downgraded(List<String> others) {
        return new AgentStatus(
                flow,
                counts,
                leases,
                idle,
                engine,
                Stream.concat(others.stream(), downgrades.stream()).distinct().toList());
    }

    /// Views scored a second; 0 while unknown.
    public double viewsPerSecond() {
        return flow.viewsPerSecond();
    }

    /// Views scored since the start.
    public long views() {
        return flow.views();
    }
}
