package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.LeaseId;
import org.picket.proto.v1.AcquireRequest;

class HoldingsTest {
    private static final LeaseId KNOWN = new LeaseId(new UUID(1, 1));
    private static final LeaseId LOST = new LeaseId(new UUID(1, 2));

    private final Holdings holdings = new Holdings(new RequestNumber(3, 7), Set.of(KNOWN));

    private boolean forgotten(LeaseId lease, long process, long request) {
        return holdings.forget(lease, Optional.of(new RequestNumber(process, request)));
    }

    @Test
    void leaseOfAnEarlierRequestOrProcessThatIsNotAmongThemIsForgotten() {
        assertTrue(forgotten(LOST, 3, 6));
        assertTrue(forgotten(LOST, 3, 0), "its agent began to count meanwhile");
        assertTrue(forgotten(LOST, 2, 6));
        assertTrue(forgotten(LOST, 2, 100), "each process counts for itself");
        assertFalse(forgotten(KNOWN, 3, 6));
        assertFalse(forgotten(KNOWN, 2, 6));
    }

    @Test
    void leaseOfThisRequestSentTwiceOrOfALaterOneIsNot() {
        assertFalse(forgotten(LOST, 3, 7));
        assertFalse(forgotten(LOST, 3, 8));
        assertFalse(forgotten(LOST, 4, 1), "a process that ended says nothing about the one after it");
    }

    @Test
    void leaseOfARequestThatDidNotSayWhoseItWasIsLeftAlone() {
        assertFalse(holdings.forget(LOST, Optional.empty()));
    }

    private static AcquireRequest request(long number, Iterable<ByteString> leases) {
        return AcquireRequest.newBuilder()
                .setHoldings(org.picket.proto.v1.Holdings.newBuilder()
                        .setRequest(number)
                        .addAllLeaseIds(leases))
                .build();
    }

    @Test
    void whoDoesNotSayWhatItHoldsOrWhichProcessItIsForgetsNothing() {
        assertEquals(Optional.empty(), Holdings.read(AcquireRequest.getDefaultInstance(), OptionalLong.of(3)));
        AcquireRequest request = request(7, Set.of(KNOWN.bytes()));
        assertEquals(Optional.empty(), Holdings.read(request, OptionalLong.empty()));
        assertEquals(Optional.of(holdings), Holdings.read(request, OptionalLong.of(3)));
    }

    @Test
    void whatBreaksTheContractIsRefused() {
        refused("from 1", request(0, Set.of()));
        refused("from 1", request(-1, Set.of()));
        refused("at most 64 leases", request(1, Collections.nCopies(65, KNOWN.bytes())));
        refused("16 bytes, not 3", request(1, Set.of(ByteString.copyFromUtf8("abc"))));
    }

    private static void refused(String why, AcquireRequest request) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Holdings.read(request, OptionalLong.of(1)));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
