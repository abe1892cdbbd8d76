package org.picket.coordinator.feed;

/// Why shards of a scan stand still; in lower case the label of a number.
public enum StuckReason {
    /// They got no objects from their crawler when they were leased last.
    UNSUPPLIED,
    /// Objects wait for a further bundle that no agent asks for.
    FURTHER_BUNDLE,
    /// No agent of the storage's circle has come.
    CIRCLE_AWAY,
    /// The operator drains the storage's crawler.
    CRAWLER_DRAINED,
    /// The site has no crawler that may speak.
    NO_CRAWLER,
    /// The site's crawlers have not called of late.
    CRAWLER_AWAY,
    /// No agent is connected.
    NO_AGENT,
    /// The operator drains every agent that is connected.
    AGENTS_DRAINED,
    /// Each agent that is connected lacks something, or is outside of the circle.
    AGENTS_UNFIT,
    /// Their leases make no progress.
    LEASES_STILL
}
