package org.picket.agent.status;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happens. Safe for any number of threads.
public final class Tally {
    /// What is counted.
    public enum Event {
        LEASE_GRANTED,
        VERDICT_ACCEPTED,
        VERDICT_LATE,
        VERDICT_REJECTED,
        LEASE_LOST,
        LEASE_GIVEN_BACK
    }

    private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class);

    private final LongAdder acceptedViews = new LongAdder();

    public Tally() {
        for (Event event : Event.values()) {
            counts.put(event, new LongAdder());
        }
    }

    /// One more.
    public void add(Event event) {
        counts.get(event).increment();
    }

    /// A verdict over so many views counts.
    public void accepted(int views) {
        add(Event.VERDICT_ACCEPTED);
        acceptedViews.add(views);
    }

    /// The counts as they stand.
    public AgentStatus.Counts counts() {
        return new AgentStatus.Counts(
                count(Event.LEASE_GRANTED),
                count(Event.VERDICT_ACCEPTED),
                count(Event.VERDICT_LATE),
                count(Event.VERDICT_REJECTED),
                count(Event.LEASE_LOST),
                count(Event.LEASE_GIVEN_BACK),
                acceptedViews.sum());
    }

    /// One of the counts.
    public long count(Event event) {
        return counts.get(event).sum();
    }
}
