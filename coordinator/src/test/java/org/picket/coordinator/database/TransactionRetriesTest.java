package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TransactionRetriesTest {
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void deadlockSerializationFailureAndDroppedTableAreTriedAgain() {
        for (String state : List.of("40001", "40P01", "42P01")) {
            assertInstanceOf(TransactionRetries.Decision.Again.class, decide(state, 1), state);
        }
    }

    @Test
    void everythingElseIsGivenUp() {
        for (String state : List.of("23505", "57014", "53100", "42601", "40003")) {
            assertEquals(new TransactionRetries.Decision.GiveUp(), decide(state, 1), state);
        }
    }

    @Test
    void lostConnectionIsGivenUpBecauseTheCommitMayHaveHappened() {
        for (String state : List.of("08006", "08003", "08007", "57P01")) {
            assertEquals(new TransactionRetries.Decision.GiveUp(), decide(state, 1), state);
        }
    }

    @Test
    void attemptsAreBounded() {
        assertInstanceOf(
                TransactionRetries.Decision.Again.class, decide("40001", TransactionRetries.MOST_ATTEMPTS - 1));
        assertEquals(new TransactionRetries.Decision.GiveUp(), decide("40001", TransactionRetries.MOST_ATTEMPTS));
    }

    @Test
    void pausesAreBoundedAndDiffer() {
        List<Duration> pauses = random.ints(100)
                .mapToObj(ignored -> decide("40001", 5))
                .map(decision -> assertInstanceOf(TransactionRetries.Decision.Again.class, decision)
                        .pause())
                .toList();
        assertTrue(pauses.stream().allMatch(pause -> pause.compareTo(Duration.ofMillis(250)) <= 0));
        assertTrue(pauses.stream().distinct().count() > 50);
    }

    @Test
    void stateIsFoundBehindOtherExceptions() {
        Throwable wrapped = new IllegalStateException(new IllegalArgumentException(new SQLException("", "40001")));
        assertEquals(Optional.of("40001"), TransactionRetries.sqlState(wrapped));
        assertEquals(Optional.empty(), TransactionRetries.sqlState(new IllegalStateException("no cause")));
    }

    private TransactionRetries.Decision decide(String state, int attempt) {
        return TransactionRetries.decide(new IllegalStateException(new SQLException("", state)), attempt, random);
    }
}
