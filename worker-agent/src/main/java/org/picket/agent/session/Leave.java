package org.picket.agent.session;

import java.time.Instant;
import java.util.Optional;

/// Whether an agent may take a further lease, by its operator's word. Leases under way are finished in any case.
@FunctionalInterface
public interface Leave {
    /// It always may.
    Leave ALWAYS = _ -> Optional.empty();

    /// Why it may not now, in words that also say until when; empty: it may. Asked often: answers at once.
    Optional<String> refusal(Instant now);
}
