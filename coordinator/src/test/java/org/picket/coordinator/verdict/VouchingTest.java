package org.picket.coordinator.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.Ruling.Flagged.By;

class VouchingTest {
    private static Action purge(By by, boolean ownAgent, boolean ownAgentsOnly) {
        return new Vouching(ownAgent, ownAgentsOnly)
                .atMost(new Ruling.Flagged("r1", "test.lighthouse", by, List.of()), Action.PURGE);
    }

    @Test
    void strangersScoresDestroyNothing() {
        assertEquals(Action.QUARANTINE, purge(By.SCORES, false, false));
        assertEquals(Action.PURGE, purge(By.SCORES, true, false));
        assertEquals(Action.PURGE, purge(By.SCORES, true, true));
    }

    @Test
    void copiesOfWhatAStrangerFlaggedAreNotDestroyedOnTheWordOfALaterLease() {
        assertEquals(Action.QUARANTINE, purge(By.KNOWN_CONTENT, true, false));
        assertEquals(Action.PURGE, purge(By.KNOWN_CONTENT, true, true));
    }

    @Test
    void listsAreNobodysWord() {
        assertEquals(Action.PURGE, purge(By.DENY_LIST, false, false));
    }

    @Test
    void lowerCeilingsStay() {
        for (Action ceiling : List.of(Action.OBSERVE, Action.QUARANTINE)) {
            assertEquals(
                    ceiling,
                    new Vouching(false, false)
                            .atMost(new Ruling.Flagged("r1", "test.lighthouse", By.SCORES, List.of()), ceiling));
        }
    }
}
