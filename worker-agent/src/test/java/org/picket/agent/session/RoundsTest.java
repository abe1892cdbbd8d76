package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.runtime.channel.Connection;

class RoundsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void coordinatorsAreAskedInTurn() {
        Rounds rounds = new Rounds(3, 1);
        assertEquals(1, rounds.next(NOW));
        assertEquals(2, rounds.next(NOW));
        assertEquals(0, rounds.next(NOW));
        assertEquals(1, rounds.next(NOW));
    }

    @Test
    void oneThatDidNotAnswerIsLeftAloneLongerEachTime() {
        Rounds rounds = new Rounds(2, 0);
        rounds.failed(0, NOW);
        assertEquals(1, rounds.next(NOW));
        assertEquals(1, rounds.next(NOW));
        assertEquals(0, rounds.next(NOW.plusSeconds(1)));
        rounds.failed(0, NOW.plusSeconds(1));
        assertEquals(1, rounds.next(NOW.plusSeconds(2)));
        assertEquals(1, rounds.next(NOW.plusSeconds(2)));
        assertEquals(0, rounds.next(NOW.plusSeconds(3)));
        rounds.answered(0);
        assertEquals(1, rounds.next(NOW.plusSeconds(3)));
        assertEquals(0, rounds.next(NOW.plusSeconds(3)));
    }

    @Test
    void whereNoneAnswersTheOneIsAskedThatWasLeftAloneLongest() {
        Rounds rounds = new Rounds(2, 0);
        rounds.failed(0, NOW);
        assertTrue(rounds.others(NOW));
        rounds.failed(1, NOW.plus(Duration.ofMillis(10)));
        assertFalse(rounds.others(NOW.plus(Duration.ofMillis(20))));
        assertEquals(0, rounds.next(NOW.plus(Duration.ofMillis(20))));
    }

    @Test
    void oneToWhichThereIsNoConnectionIsAskedWhereNoOtherHasOne() {
        Rounds rounds = new Rounds(3, 0);
        List<Connection> second = List.of(Connection.BROKEN, Connection.STANDS, Connection.BEGINS);
        assertEquals(1, rounds.next(NOW, second::get));
        assertEquals(1, rounds.next(NOW, second::get));
        List<Connection> first = List.of(Connection.STANDS, Connection.STANDS, Connection.BEGINS);
        assertEquals(0, rounds.next(NOW, first::get));
        assertEquals(1, rounds.next(NOW, first::get));
        rounds.failed(1, NOW);
        assertEquals(2, rounds.next(NOW, second::get));
        rounds.failed(2, NOW);
        assertEquals(0, rounds.next(NOW, second::get));
    }

    @Test
    void whereThereIsOneItIsAskedAlways() {
        Rounds rounds = new Rounds(1, 0);
        rounds.failed(0, NOW);
        assertFalse(rounds.others(NOW));
        assertEquals(0, rounds.next(NOW));
    }
}
