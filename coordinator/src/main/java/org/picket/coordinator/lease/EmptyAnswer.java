package org.picket.coordinator.lease;

import java.time.Instant;
import org.picket.proto.v1.NoLease;

/// Why an agent's last request for work brought none.
///
/// @param reason as the agent was told
/// @param detail for people
/// @param at when
public record EmptyAnswer(NoLease.Reason reason, String detail, Instant at) {}
