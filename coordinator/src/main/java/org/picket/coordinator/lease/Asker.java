package org.picket.coordinator.lease;

import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.fleet.Member;

/// An agent that asks for work.
///
/// @param agent who asks
/// @param request by which it asks; empty: it does not tell which of its processes does
record Asker(Member agent, Optional<RequestNumber> request) {
    Asker {
        Objects.requireNonNull(agent);
        Objects.requireNonNull(request);
    }
}
