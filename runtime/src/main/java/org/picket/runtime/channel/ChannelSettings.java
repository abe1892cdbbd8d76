package org.picket.runtime.channel;

import java.time.Duration;
import org.picket.proto.limit.Limits;

/// Bounds of channels and servers.
///
/// @param callLimit how long a unary call may take that has no deadline of its own
/// @param keepAlive how often an idle connection is probed
/// @param keepAliveTimeout how long a probe may go unanswered
/// @param threads the most threads of a server on which calls may block
/// @param callsPerConnection the most calls at once on one connection
/// @param messageBytes the largest message taken
public record ChannelSettings(
        Duration callLimit,
        Duration keepAlive,
        Duration keepAliveTimeout,
        int threads,
        int callsPerConnection,
        int messageBytes) {

    /// Bytes that may be under way before the transport has measured the path; it grows the window from there
    /// by itself. A fixed window would cap a stream at window over round trip.
    static final int INITIAL_WINDOW_BYTES = 4 * 1_024 * 1_024;

    /// Room for the report's own fields around its scores.
    private static final int ENVELOPE_BYTES = 64 * 1_024;

    /// What both ends use unless told otherwise.
    public static final ChannelSettings DEFAULT = new ChannelSettings(
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            256,
            1_024,
            Limits.REPORT_BYTES + ENVELOPE_BYTES);

    public ChannelSettings {
        if (callLimit.isNegative() || callLimit.isZero() || threads < 1 || callsPerConnection < 1 || messageBytes < 1) {
            throw new IllegalArgumentException("every bound of a channel is positive");
        }
    }
}
