package org.picket.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.picket.agent.intake.Inflow;
import org.picket.agent.rollout.Allowance;

/// What an agent's operator allows before there is anything that works and looks after it: the natives come first.
///
/// @param wish looked at here, since nobody else does yet
/// @param nanos as of [System#nanoTime]
record EarlyAllowance(AgentLeave leave, AgentWish wish, Inflow inflow, LongSupplier nanos) implements Allowance {
    @Override
    public Optional<String> held(Instant now) {
        leave.wanted(wish.read());
        return leave.refusal(now);
    }

    @Override
    public Duration came(int bytes) {
        inflow.besides(bytes, nanos.getAsLong());
        return inflow.left(nanos.getAsLong());
    }
}
