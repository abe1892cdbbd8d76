package org.picket.coordinator.share;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.fleet.OwnerId;

class ContributionsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final OwnerId MUCH = new OwnerId(1);
    private static final OwnerId LITTLE = new OwnerId(2);

    @Test
    void weightIsThePartOfAllWorkOfFourWeeksAndAFloor() {
        Contributions contributions = new Contributions(DATABASE.database());
        assertEquals(Contributions.FLOOR, contributions.weight(MUCH));
        add(Map.of(MUCH, 500L, LITTLE, 100L), NOW.minus(Duration.ofDays(3)));
        add(Map.of(MUCH, 250L, LITTLE, 0L), NOW);
        add(Map.of(MUCH, 150L), NOW);
        // Long ago.
        add(Map.of(LITTLE, 1_000_000L), NOW.minus(Duration.ofDays(29)));
        contributions.refresh(NOW);
        assertEquals(Contributions.FLOOR + 0.9, contributions.weight(MUCH), 1e-9);
        assertEquals(Contributions.FLOOR + 0.1, contributions.weight(LITTLE), 1e-9);
        assertEquals(Contributions.FLOOR, contributions.weight(new OwnerId(3)));
    }

    private static void add(Map<OwnerId, Long> views, Instant at) {
        DATABASE.database().transaction(handle -> {
            Contributions.add(handle, views, at);
            return views;
        });
    }
}
