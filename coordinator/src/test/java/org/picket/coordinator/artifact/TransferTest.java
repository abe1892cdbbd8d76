package org.picket.coordinator.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int CHUNK = 256 << 10;
    private static final long BEGUN = -5 * SECOND;

    private final Transfer transfer = new Transfer(BEGUN);

    private Optional<String> after(long seconds) {
        return transfer.over(BEGUN + seconds * SECOND);
    }

    @Test
    void chunkAMinuteKeepsNoPlaceForLongerThanTwoMinutes() {
        transfer.sent(CHUNK, 0);
        transfer.sent(CHUNK, 0);
        assertEquals(Optional.empty(), after(120));
        assertTrue(after(121).orElseThrow().contains("bytes a second were taken"));
    }

    @Test
    void whoTakesFastEnoughGoesOnForTenMinutes() {
        for (int seconds = 0; seconds <= 600; seconds += 15) {
            transfer.sent(CHUNK, 0);
            assertEquals(Optional.empty(), after(seconds));
        }
        assertTrue(after(601).orElseThrow().contains("10 minutes at most"));
    }

    @Test
    void timeThatTheBoundOfTheCoordinatorCostsIsNotHeldAgainstIt() {
        for (int seconds = 0; seconds <= 600; seconds += 60) {
            assertEquals(Optional.empty(), after(seconds));
            transfer.sent(CHUNK, 59 * SECOND);
        }
    }
}
