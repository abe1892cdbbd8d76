package org.picket.agent.session;

import java.util.Objects;
import java.util.OptionalLong;

/// What an operator allows an agent.
///
/// @param leave when it may take leases
/// @param bytesPerSecond of views that it takes in, on average; empty: no bound
/// @param bytesUpPerSecond of verdicts that it sends, on average; empty: no bound
public record AgentLimits(Leave leave, OptionalLong bytesPerSecond, OptionalLong bytesUpPerSecond) {
    /// The least bound: a view comes within two seconds.
    public static final long LEAST_BYTES_PER_SECOND = 100_000;

    /// The least bound of what it sends: a lease's verdict goes within a second.
    public static final long LEAST_BYTES_UP_PER_SECOND = 10_000;

    /// Everything.
    public static final AgentLimits NONE = new AgentLimits(Leave.ALWAYS, OptionalLong.empty());

    /// Without a bound of what it sends.
    public AgentLimits(Leave leave, OptionalLong bytesPerSecond) {
        this(leave, bytesPerSecond, OptionalLong.empty());
    }

    public AgentLimits {
        Objects.requireNonNull(leave);
        if (bytesPerSecond.orElse(LEAST_BYTES_PER_SECOND) < LEAST_BYTES_PER_SECOND) {
            throw new IllegalArgumentException("an agent takes in " + LEAST_BYTES_PER_SECOND + " bytes/s at least");
        }
        if (bytesUpPerSecond.orElse(LEAST_BYTES_UP_PER_SECOND) < LEAST_BYTES_UP_PER_SECOND) {
            throw new IllegalArgumentException("an agent sends " + LEAST_BYTES_UP_PER_SECOND + " bytes/s at least");
        }
    }
}
