package org.picket.coordinator.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.feed.Stuck;
import org.picket.coordinator.feed.StuckReason;
import org.picket.proto.v1.NoLease;

class StuckRulesTest {
    private static final List<Optional<Duration>> CRAWLER = List.of(Optional.of(Duration.ofSeconds(3)));
    private static final List<Optional<NoLease.Reason>> AGENT = List.of(Optional.empty());

    @Test
    void scanThatIsOverIsNotStuck() {
        assertEquals(List.of(), StuckRules.reasons(new StuckRules.Seen(false, 0, List.of(), List.of(), List.of(), 0)));
    }

    @Test
    void scanUnderWayIsNotStuck() {
        assertEquals(
                List.of(),
                StuckRules.reasons(new StuckRules.Seen(true, 3, List.of(Duration.ofSeconds(5)), CRAWLER, AGENT, 0)));
    }

    @Test
    void crawlerThatIsAwayIsNamed() {
        assertTrue(reason(List.of(), AGENT).contains("no crawler that may speak"));
        assertTrue(reason(List.of(Optional.empty()), AGENT).contains("since this coordinator started"));
        assertTrue(reason(List.of(Optional.of(Duration.ofSeconds(200)), Optional.empty()), AGENT)
                .contains("for 200 s"));
    }

    @Test
    void agentsThatAreAwayOrLackTheBundleAreNamed() {
        assertTrue(reason(CRAWLER, List.of()).contains("no agent is connected"));
        assertTrue(reason(CRAWLER, List.of(Optional.of(NoLease.Reason.BUNDLE_MISSING)))
                .contains("no agent that is connected can have its leases: each lacks the bundle"));
        assertTrue(reason(
                        CRAWLER,
                        List.of(Optional.of(NoLease.Reason.OUTSIDE_CIRCLE), Optional.of(NoLease.Reason.OUTSIDE_CIRCLE)))
                .contains("each is outside of the circle"));
        assertTrue(reason(
                        CRAWLER,
                        List.of(Optional.of(NoLease.Reason.OUTSIDE_CIRCLE), Optional.of(NoLease.Reason.INCAPABLE)))
                .contains("or lacks the memory or the provider"));
        assertEquals(
                List.of(),
                StuckRules.reasons(new StuckRules.Seen(
                        false,
                        3,
                        List.of(),
                        CRAWLER,
                        List.of(Optional.of(NoLease.Reason.BUNDLE_MISSING), Optional.empty()),
                        1)));
    }

    @Test
    void leasesThatStandStillAreCounted() {
        assertEquals(
                List.of(new Stuck(StuckReason.LEASES_STILL, 1, "1 of 2 leases made no progress for 60 s or longer")),
                StuckRules.reasons(new StuckRules.Seen(
                        false, 3, List.of(Duration.ofSeconds(5), Duration.ofMinutes(2)), CRAWLER, AGENT, 0)));
    }

    @Test
    void agentsThatAreDrainedAreNamed() {
        assertTrue(reason(CRAWLER, List.of(), 2).contains("every agent that is connected is drained"));
        assertEquals(
                List.of(),
                StuckRules.reasons(new StuckRules.Seen(false, 3, List.of(), CRAWLER, AGENT, 2)),
                "others work");
    }

    private static String reason(List<Optional<Duration>> crawlers, List<Optional<NoLease.Reason>> agents) {
        return reason(crawlers, agents, 0);
    }

    private static String reason(
            List<Optional<Duration>> crawlers, List<Optional<NoLease.Reason>> agents, int drained) {
        List<Stuck> reasons = StuckRules.reasons(new StuckRules.Seen(false, 3, List.of(), crawlers, agents, drained));
        assertEquals(1, reasons.size(), reasons::toString);
        assertEquals(3, reasons.getFirst().shards());
        return reasons.getFirst().words();
    }
}
