package org.picket.cli;

/// How a crawler's views reach agents.
enum ViewsWay {
    /// Over the coordinator, and directly too where a place to listen is named.
    AUTO,
    /// Directly alone.
    DIRECT,
    /// Over the coordinator alone: nothing listens.
    RELAY;

    boolean relayed() {
        return this != DIRECT;
    }
}
