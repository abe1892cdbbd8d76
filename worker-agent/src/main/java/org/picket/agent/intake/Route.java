package org.picket.agent.intake;

import java.util.Locale;

/// Which way views take to an agent.
public enum Route {
    /// From the crawler, which the agent reaches.
    DIRECT,
    /// Through the coordinator.
    RELAY;

    /// For people.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
