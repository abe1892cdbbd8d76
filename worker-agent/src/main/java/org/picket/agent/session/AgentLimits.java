package org.picket.agent.session;

import java.util.Objects;
import java.util.OptionalLong;

/// What an operator allows an agent.
///
/// @param leave when it may take leases
/// @param bytesPerSecond of views that it takes in, on average; empty: no bound
public record AgentLimits(Leave leave, OptionalLong bytesPerSecond) {
    /// The least bound: a view comes within two seconds.
    public static final long LEAST_BYTES_PER_SECOND = 100_000;

    /// Everything.
    public static final AgentLimits NONE = new AgentLimits(Leave.ALWAYS, OptionalLong.empty());

    public AgentLimits {
        Objects.requireNonNull(leave);
        if (bytesPerSecond.orElse(LEAST_BYTES_PER_SECOND) < LEAST_BYTES_PER_SECOND) {
            throw new IllegalArgumentException("an agent takes in " + LEAST_BYTES_PER_SECOND + " bytes/s at least");
        }
    }
}
