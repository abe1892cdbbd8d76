package org.picket.coordinator.ruling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.FlagWindow.Batch;

class FuseRulesTest {
    private static FuseState state(Fuses fuses, long ruled, long flagged) {
        return FuseRules.site(fuses, new FlagWindow(List.of(new Batch(ruled, flagged))));
    }

    @Test
    void siteTripsAboveItsRatioAndNotAtIt() {
        var fuses = new Fuses(0.01, 5000, 10, 20);

        assertInstanceOf(FuseState.Untripped.class, state(fuses, 5000, 50));
        var tripped = assertInstanceOf(FuseState.Tripped.class, state(fuses, 5000, 51));
        assertEquals(
                "51 of the last 5000 objects are flagged: more than the 0.01 that the policy takes for possible",
                tripped.reason());
        assertInstanceOf(FuseState.Untripped.class, FuseRules.site(fuses, FlagWindow.EMPTY));
    }

    @Test
    void handfulNeverTripsASite() {
        var fuses = new Fuses(0.01, 5000, 10, 20);

        assertInstanceOf(FuseState.Untripped.class, state(fuses, 9, 9));
        assertInstanceOf(FuseState.Tripped.class, state(fuses, 10, 10));
    }

    @Test
    void folderOfSamplesDoesNotTripTheStandInPolicy() {
        var fuses = Policy.standIn().fuses();
        var window = FlagWindow.EMPTY;
        for (int shard = 0; shard < 200; shard++) {
            window = window.plus(new Batch(64, 8), fuses);
            assertInstanceOf(FuseState.Untripped.class, FuseRules.site(fuses, window));
        }
        for (int shard = 0; shard < 200; shard++) {
            window = window.plus(new Batch(64, 64), fuses);
        }
        assertInstanceOf(FuseState.Tripped.class, FuseRules.site(fuses, window));
    }

    @Test
    void contentTripsWhenFlaggedMoreOftenThanAllowedWithinAnHour() {
        assertInstanceOf(FuseState.Untripped.class, FuseRules.contentHash(Fuses.DEFAULT, 20));
        assertInstanceOf(FuseState.Tripped.class, FuseRules.contentHash(Fuses.DEFAULT, 21));
    }

    @Test
    void windowCoversWhatTheFuseAsksForAndStaysSmall() {
        var fuses = new Fuses(0.01, 5000, 10, 20);
        var window = FlagWindow.EMPTY;
        for (int i = 0; i < 20_000; i++) {
            window = window.plus(new Batch(i % 7, i % 3 == 0 ? i % 7 : 0), fuses);
            assertTrue(
                    window.batches().size() <= 66,
                    "batches: " + window.batches().size());
        }
        assertTrue(window.ruled() >= 5000 && window.ruled() <= 5000 + 5000 / 32, "ruled: " + window.ruled());
        for (int i = 0; i < 100; i++) {
            window = window.plus(new Batch(512, 0), fuses);
        }
        assertEquals(0, window.flagged());
    }
}
