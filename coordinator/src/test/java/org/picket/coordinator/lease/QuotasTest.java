package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;

class QuotasTest {
    private static final MemberId AGENT = new MemberId(1);

    private final Quotas quotas = new Quotas(16);

    @Test
    void agentThatFailsSoonHoldsOneAtATimeAndEarnsMoreAgain() {
        assertEquals(16, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.EXPIRED);
        assertEquals(8, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.FAILED);
        quotas.ended(AGENT, LeaseEnd.STALLED);
        quotas.ended(AGENT, LeaseEnd.STALLED);
        quotas.ended(AGENT, LeaseEnd.STALLED);
        assertEquals(1, quotas.of(AGENT));
        quotas.ended(AGENT, LeaseEnd.COMPLETE);
        assertEquals(2, quotas.of(AGENT));
        for (int i = 0; i < 20; i++) {
            quotas.ended(AGENT, LeaseEnd.COMPLETE);
        }
        assertEquals(16, quotas.of(AGENT));
        assertEquals(16, quotas.of(new MemberId(2)));
    }

    @Test
    void whatWasTakenBackSaysNothingAboutTheAgent() {
        quotas.ended(AGENT, LeaseEnd.REVOKED);
        quotas.ended(AGENT, LeaseEnd.SUPERSEDED);
        quotas.ended(AGENT, LeaseEnd.GIVEN_BACK);
        assertEquals(16, quotas.of(AGENT));
    }
}
