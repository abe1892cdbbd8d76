package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.runtime.channel.ContractVersion;

class SkewTest {
    private static final Skew FIVE = new Skew(new ContractVersion(5), 3);

    private static Skew.Found database(int oldest, int newest) {
        return new Skew.Found(Optional.of(new Skew.Span(oldest, new ContractVersion(newest))), Map.of());
    }

    private static Skew.Found beside(int version) {
        return new Skew.Found(Optional.empty(), Map.of("b.example:7443", new ContractVersion(version)));
    }

    private static String refusal(Skew skew, Skew.Found found) {
        return skew.refusal(found, "jdbc:postgresql://db/picket").orElse("");
    }

    @Test
    void databaseOfAnyEarlierVersionIsTakenOver() {
        assertEquals("", refusal(FIVE, new Skew.Found(Optional.empty(), Map.of())));
        for (int newest = 1; newest <= 5; newest++) {
            assertEquals("", refusal(FIVE, database(1, newest)));
        }
    }

    @Test
    void oneVersionBackIsTheMost() {
        assertEquals("", refusal(FIVE, database(3, 6)));
        String back = refusal(FIVE, database(3, 7));
        assertTrue(back.contains("one version back is the most. Start a newer Picket"), back);
        assertTrue(back.contains("jdbc:postgresql://db/picket"), back);
    }

    @Test
    void schemaThatNeedsALaterVersionIsLeftAlone() {
        String needs = refusal(FIVE, database(6, 6));
        assertTrue(needs.contains("needs version 6") && needs.contains("speaks version 5"), needs);
    }

    @Test
    void coordinatorsOneVersionApartWorkSideBySide() {
        for (int version = 1; version < 9; version++) {
            String refusal = refusal(FIVE, beside(version));
            assertEquals(version >= 4 && version <= 6, refusal.isEmpty(), refusal);
            assertTrue(refusal.isEmpty() || refusal.contains("b.example:7443"), refusal);
        }
    }

    /// Its migrations would break the neighbour's statements.
    @Test
    void neighbourThatCannotGoOnAfterTheMigrationsIsToBeStoppedFirst() {
        Skew breaking = new Skew(new ContractVersion(5), 5);
        assertTrue(refusal(breaking, beside(4)).contains("Stop it first"));
        assertEquals("", refusal(breaking, beside(5)));
        assertEquals("", refusal(breaking, database(1, 4)));
    }

    @Test
    void whatMigrationsNeedStandsInTheirNames() {
        assertEquals(1, Migrations.needs(List.of("V1__a.sql", "V2__needs_nothing.sql")));
        assertEquals(4, Migrations.needs(List.of("V1__a.sql", "V2__drop_a__needs_4.sql", "V3__b__needs_2.sql")));
    }
}
