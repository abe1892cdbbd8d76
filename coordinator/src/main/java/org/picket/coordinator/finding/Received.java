package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.Objects;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;

/// A receipt that was verified.
///
/// @param finding whose order it answers
/// @param order the order
/// @param attempt of the order
/// @param authority of the order
/// @param outcome what became of it
/// @param detail for people
/// @param now the present instant
public record Received(
        FindingId finding,
        OrderId order,
        int attempt,
        Authority authority,
        Outcome outcome,
        String detail,
        Instant now) {
    /// Longest detail that is kept, in characters.
    static final int DETAIL_CHARACTERS = 500;

    public Received {
        Objects.requireNonNull(finding);
        Objects.requireNonNull(order);
        Objects.requireNonNull(authority);
        Objects.requireNonNull(outcome);
        Objects.requireNonNull(now);
        detail = detail.length() > DETAIL_CHARACTERS ? detail.substring(0, DETAIL_CHARACTERS) : detail;
    }
}
