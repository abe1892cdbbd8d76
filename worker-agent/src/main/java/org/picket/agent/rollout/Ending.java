package org.picket.agent.rollout;

import java.time.Duration;

/// The end of an agent, beyond which nobody waits for what it fetches.
@FunctionalInterface
public interface Ending {
    /// Waits for it, but not longer than asked.
    ///
    /// @return whether it came
    boolean within(Duration longest) throws InterruptedException;
}
