package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;

class QuotasTest {
    private static final MemberId AGENT = new MemberId(1);

    private static final Instant NOW = Instant.EPOCH;

    private final Quotas quotas = new Quotas(16);

    @Test
    void agentThatFailsSoonHoldsOneAtATimeAndEarnsMoreAgain() {
        assertEquals(16, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.EXPIRED, false, NOW);
        assertEquals(8, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.FAILED, false, NOW);
        quotas.ended(AGENT, LeaseEnd.STALLED, false, NOW);
        quotas.ended(AGENT, LeaseEnd.ABANDONED, false, NOW);
        quotas.ended(AGENT, LeaseEnd.STALLED, false, NOW);
        assertEquals(1, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.COMPLETE, true, NOW);
        assertEquals(2, quotas.of(AGENT));
        for (int i = 0; i < 20; i++) {
            quotas.ended(AGENT, LeaseEnd.COMPLETE, true, NOW);
        }
        assertEquals(16, quotas.of(AGENT));
        assertEquals(16, quotas.of(new MemberId(2)));
    }

    @Test
    void whatWasTakenBackSaysNothingAboutTheAgent() {
        quotas.ended(AGENT, LeaseEnd.REVOKED, false, NOW);
        quotas.ended(AGENT, LeaseEnd.SUPERSEDED, false, NOW);
        quotas.ended(AGENT, LeaseEnd.GIVEN_BACK, false, NOW);
        quotas.ended(AGENT, LeaseEnd.FORGOTTEN, false, NOW);
        assertEquals(16, quotas.of(AGENT));
    }

    private void givenBack(int leases, Instant now) {
        for (int i = 0; i < leases; i++) {
            quotas.ended(AGENT, LeaseEnd.GIVEN_BACK, false, now);
        }
    }

    private Duration pause(Instant now) {
        return quotas.refusal(AGENT, 0, now).map(Acquired.None::comeBack).orElse(Duration.ZERO);
    }

    @Test
    void agentThatIsLetInNowhereWaitsLongerEachTime() {
        givenBack(16, NOW);
        assertEquals(Duration.ZERO, pause(NOW), "all that it held may come back at once");
        givenBack(1, NOW);
        assertEquals(Quotas.FIRST_WAIT, pause(NOW));
        assertEquals(Duration.ZERO, pause(NOW.plus(Quotas.FIRST_WAIT)));
        givenBack(1, NOW);
        assertEquals(Quotas.FIRST_WAIT.multipliedBy(2), pause(NOW));
        givenBack(100, NOW);
        assertEquals(Quotas.LONGEST_WAIT, pause(NOW));
        assertTrue(quotas.refusal(AGENT, 0, NOW).orElseThrow().detail().contains("gave its last 118 leases back"));
        assertTrue(quotas.refusal(new MemberId(2), 0, NOW).isEmpty());
    }

    @Test
    void agentThatEndsOverEachLeaseWaitsAsIfItGaveThemBack() {
        for (int i = 0; i < 17; i++) {
            quotas.ended(AGENT, i % 2 == 0 ? LeaseEnd.FORGOTTEN : LeaseEnd.ABANDONED, false, NOW);
        }
        assertEquals(Quotas.FIRST_WAIT, pause(NOW));
    }

    @Test
    void anythingRuledEndsTheWaiting() {
        givenBack(40, NOW);
        quotas.ended(AGENT, LeaseEnd.GIVEN_BACK, true, NOW);
        assertEquals(Duration.ZERO, pause(NOW));
        givenBack(16, NOW);
        assertEquals(Duration.ZERO, pause(NOW));
    }

    @Test
    void agentThatHoldsAllItMayIsToldHowManyThatAre() {
        assertTrue(quotas.refusal(AGENT, 15, NOW).isEmpty());
        assertTrue(quotas.refusal(AGENT, 16, NOW).orElseThrow().detail().contains("which are 16 (at most 16)"));
    }
}
