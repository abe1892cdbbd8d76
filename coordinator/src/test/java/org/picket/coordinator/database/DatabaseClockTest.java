package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    /// This process's counter, beginning at its worst: about to overflow.
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();

    private Instant database = NOON;
    private Duration roundTrip = Duration.ZERO;

    @Test
    void timeGoesOnBetweenResyncs() {
        DatabaseClock clock = clock();
        assertEquals(NOON, clock.now());
        pass(Duration.ofSeconds(1000));
        assertEquals(NOON.plusSeconds(1000), clock.now());
    }

    @Test
    void middleOfTheRoundTripCounts() {
        roundTrip = Duration.ofMillis(100);
        DatabaseClock clock = clock();
        assertEquals(database, clock.now());
    }

    @Test
    void smallLeadOfTheDatabaseIsWorkedOffEvenly() {
        DatabaseClock clock = clock();
        pass(Duration.ofSeconds(10));
        database = database.plusMillis(600);
        assertEquals(new DatabaseClock.Resync.Slewed(Duration.ofMillis(600)), clock.resync());
        assertEquals(Duration.ofMillis(-600), behind(clock));
        pass(DatabaseClock.RESYNC_EVERY.dividedBy(2));
        assertEquals(Duration.ofMillis(-300), behind(clock));
        pass(DatabaseClock.RESYNC_EVERY);
        assertEquals(Duration.ZERO, behind(clock));
    }

    @Test
    void largeLeadOfTheDatabaseIsFollowedAtOnce() {
        DatabaseClock clock = clock();
        database = database.plus(Duration.ofMinutes(10));
        assertEquals(new DatabaseClock.Resync.Stepped(Duration.ofMinutes(10)), clock.resync());
        assertEquals(Duration.ZERO, behind(clock));
    }

    @Test
    void steadyTimeGoesOnWhereTheDatabasesIsSet() {
        DatabaseClock clock = clock();
        pass(Duration.ofSeconds(5));
        database = database.plus(Duration.ofMinutes(10));
        clock.resync();
        pass(Duration.ofSeconds(5));
        assertEquals(NOON.plusSeconds(10), clock.steady().now());
        database = database.minus(Duration.ofMinutes(20));
        clock.resync();
        pass(Duration.ofSeconds(5));
        assertEquals(NOON.plusSeconds(15), clock.steady().now());
    }

    @Test
    void timeNeverRunsBackwardWhenTheDatabaseDoes() {
        DatabaseClock clock = clock();
        database = database.minus(Duration.ofMinutes(10));
        Instant last = clock.now();
        for (int second = 0; second < 30 * 60; second++) {
            if (second % DatabaseClock.RESYNC_EVERY.toSeconds() == 0) {
                assertInstanceOf(DatabaseClock.Resync.Slewed.class, clock.resync());
            }
            pass(Duration.ofSeconds(1));
            assertFalse(clock.now().isBefore(last));
            last = clock.now();
        }
        assertEquals(Duration.ZERO, behind(clock));
    }

    @Test
    void answersThatComeLateAreRefused() {
        DatabaseClock clock = clock();
        roundTrip = Duration.ofSeconds(1);
        database = database.plus(Duration.ofMinutes(10));
        assertInstanceOf(DatabaseClock.Resync.Refused.class, clock.resync());
        assertTrue(clock.now().isBefore(NOON.plusSeconds(60)));
    }

    private DatabaseClock clock() {
        return new DatabaseClock(
                () -> {
                    pass(roundTrip.dividedBy(2));
                    Instant answer = database;
                    pass(roundTrip.dividedBy(2));
                    return answer;
                },
                () -> nanos);
    }

    private Duration behind(DatabaseClock clock) {
        return Duration.between(database, clock.now());
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        database = database.plus(duration);
    }
}
