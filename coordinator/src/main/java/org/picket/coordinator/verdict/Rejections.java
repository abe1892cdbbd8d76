package org.picket.coordinator.verdict;

import org.picket.coordinator.fleet.Member;
import org.picket.proto.v1.ReportRejected;
import org.picket.runtime.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log whose verdicts were rejected, and why: an agent of which this is said again and again is broken, or
/// lies. Nothing of their objects is said.
final class Rejections {
    /// Lines about one agent in an hour; any more are counted alone.
    static final int PER_HOUR = 60;

    private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);

    private final TimeSource time;
    private final HourlyLimit limit = new HourlyLimit(PER_HOUR);

    Rejections(TimeSource time) {
        this.time = time;
    }

    void note(Member agent, ReportRejected.Reason reason) {
        if (limit.take(agent.id(), time.now())) {
            LOG.warn("a verdict of agent {} was rejected: {}", agent.id(), reason);
        }
    }
}
