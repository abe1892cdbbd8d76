package org.picket.agent.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the operator of a machine allows of what its agent fetches.
public interface Allowance {
    /// Why nothing may be asked for or fetched just now, by the operator's word. Answers at once.
    Optional<String> held(Instant now);

    /// So many bytes were fetched.
    ///
    /// @return how long until more may come
    Duration came(int bytes);
}
