package org.picket.coordinator.lease;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.StorageId;

class SettlingTest {
    private static final StorageId ONE = new StorageId(1);
    private static final StorageId OTHER = new StorageId(2);

    private Instant now = Instant.EPOCH;
    private final Set<StorageId> come = new HashSet<>();
    private final Settling settling = new Settling(come::contains, Instant.EPOCH.plus(Settling.LONGEST), () -> now);

    @Test
    void leasesOfAStorageAreGrantedOnceItsCrawlerHasCome() {
        assertFalse(settling.over(ONE));
        come.add(ONE);
        assertTrue(settling.over(ONE));
        assertFalse(settling.over(OTHER), "the other crawler has not come");
    }

    @Test
    void crawlerThatDoesNotComeIsWaitedForNoLonger() {
        now = now.plus(Settling.LONGEST).minusMillis(1);
        assertFalse(settling.over(ONE));
        now = now.plusMillis(1);
        assertTrue(settling.over(ONE));
        assertTrue(Settling.OVER.over(OTHER));
    }
}
