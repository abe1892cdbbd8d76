package org.picket.coordinator.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;

class ReachTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final StorageId STORAGE = new StorageId(1);
    private static final StorageId OTHER = new StorageId(2);
    private static final MemberId ALICE = new MemberId(11);
    private static final MemberId BOB = new MemberId(12);

    private final Reach reach = new Reach();

    private void failed(MemberId agent, Instant at) {
        reach.failed(STORAGE, agent, at, 1);
    }

    @Test
    void agentIsLeftAloneByOneStorageAndNoLongerThanItsFailureCosts() {
        failed(ALICE, NOW);
        assertFalse(reach.open(STORAGE, ALICE, NOW));
        assertTrue(reach.open(OTHER, ALICE, NOW));
        assertTrue(reach.open(STORAGE, BOB, NOW));
        assertTrue(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST)));
    }

    @Test
    void eachFailureInARowCostsTwiceAsMuchUpToTheLongest() {
        failed(ALICE, NOW);
        failed(ALICE, NOW);
        assertFalse(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST)));
        assertTrue(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST.multipliedBy(2))));
        for (int i = 0; i < 40; i++) {
            failed(ALICE, NOW);
        }
        assertFalse(reach.open(STORAGE, ALICE, NOW.plus(Reach.LONGEST).minusMillis(1)));
        assertTrue(reach.open(STORAGE, ALICE, NOW.plus(Reach.LONGEST)));
    }

    @Test
    void allTryAgainAtOnceWhereACrawlerSuppliesForTheFirstTime() {
        for (int i = 0; i < 5; i++) {
            failed(ALICE, NOW);
        }
        failed(BOB, NOW);
        Instant later = NOW.plus(Duration.ofSeconds(1));
        assertTrue(reach.supplied(STORAGE, BOB, later));
        assertTrue(reach.open(STORAGE, ALICE, later));
    }

    @Test
    void agentThatAloneCannotReachACrawlerIsNotSentThereAgainAndAgain() {
        failed(ALICE, NOW);
        assertTrue(reach.supplied(STORAGE, BOB, NOW));
        failed(ALICE, NOW);
        assertFalse(reach.supplied(STORAGE, BOB, NOW));
        assertFalse(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST)));
    }

    @Test
    void allTryAgainAtOnceWhereTheCrawlerIsHeardOf() {
        for (int i = 0; i < 6; i++) {
            failed(ALICE, NOW);
        }
        assertFalse(reach.heardOf(OTHER, NOW));
        assertTrue(reach.heardOf(STORAGE, NOW));
        assertTrue(reach.open(STORAGE, ALICE, NOW));
        // One more failure, as where its way is not there yet, costs no more than the first did.
        failed(ALICE, NOW);
        assertTrue(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST)));
    }

    @Test
    void crawlerThatSaysAgainAndAgainThatItIsThereIsBelievedNowAndThen() {
        failed(ALICE, NOW);
        assertTrue(reach.heardOf(STORAGE, NOW));
        failed(ALICE, NOW);
        assertFalse(reach.heardOf(STORAGE, NOW.plusMillis(100)));
        assertFalse(reach.open(STORAGE, ALICE, NOW.plusMillis(100)));
        assertTrue(reach.heardOf(STORAGE, NOW.plus(Reach.BELIEVED_EVERY)));
    }

    @Test
    void whoGetsViewsStartsAnew() {
        failed(ALICE, NOW);
        failed(ALICE, NOW);
        assertFalse(reach.supplied(STORAGE, ALICE, NOW));
        failed(ALICE, NOW);
        assertTrue(reach.open(STORAGE, ALICE, NOW.plus(Reach.FIRST)));
    }
}
