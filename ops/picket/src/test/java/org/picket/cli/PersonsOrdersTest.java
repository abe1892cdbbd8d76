package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.RemovalAction;

class PersonsOrdersTest {
    private static final int PAGE = 10;

    private final KeptFindings kept = new KeptFindings(PAGE, true);
    private final PersonsOrders orders = new PersonsOrders(kept);

    @AfterEach
    void close() {
        kept.close();
    }

    @Test
    void allIsWhatNobodyHasDecidedAboutPageByPage() {
        LongStream.rangeClosed(1, 25).forEach(id -> kept.states.put(id, id % 5 == 0 ? "RELEASED" : "OBSERVED"));
        kept.states.put(3L, "HELD");
        Ordered ordered = orders.enforceAll(RemovalAction.QUARANTINE);
        assertEquals(20, ordered.orders());
        assertEquals(20, ordered.findings().size());
        assertEquals(Set.of("RELEASED", "QUARANTINE_ORDERED"), Set.copyOf(kept.states.values()));
        assertEquals(
                List.of(8, 8, 4),
                kept.enforced.stream().map(EnforceRequest::getFindingIdsCount).toList());
        assertEquals("alice", kept.enforced.getFirst().getAuthorisedBy());
    }

    @Test
    void findingThatIsDecidedAboutWhileItIsReadIsLeftOutAndItsPageOrdered() {
        LongStream.rangeClosed(1, 3).forEach(id -> kept.states.put(id, "OBSERVED"));
        kept.before.add(() -> {});
        kept.before.add(() -> kept.states.put(2L, "SUPERSEDED"));
        Ordered ordered = orders.enforceAll(RemovalAction.PURGE);
        assertEquals(Set.of(1L, 3L), ordered.findings());
        assertEquals("SUPERSEDED", kept.states.get(2L));
    }

    @Test
    void whatIsInconclusiveByNowIsPassedOver() {
        LongStream.rangeClosed(1, 3).forEach(id -> kept.states.put(id, "OBSERVED"));
        kept.inconclusive.add(2L);
        Ordered ordered = orders.enforceAll(RemovalAction.PURGE);
        assertEquals(Set.of(1L, 3L), ordered.findings());
        assertEquals("OBSERVED", kept.states.get(2L));
    }

    @Test
    void nothingThereIsNothingOrdered() {
        assertEquals(0, orders.enforceAll(RemovalAction.PURGE).orders());
    }

    @Test
    void namedFindingThatCannotBeIsAFault() {
        kept.states.put(1L, "RELEASED");
        assertThrows(StatusRuntimeException.class, () -> orders.enforce(RemovalAction.PURGE, List.of(1L)));
    }

    @Test
    void releaseNamesOneFinding() {
        kept.states.put(1L, "QUARANTINED");
        Ordered ordered = orders.release(1);
        assertEquals(Set.of(1L), ordered.findings());
        assertEquals("RELEASED", ordered.wanted());
    }
}
