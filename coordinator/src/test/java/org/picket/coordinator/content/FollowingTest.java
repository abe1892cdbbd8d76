package org.picket.coordinator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.TurnedTime;
import org.picket.coordinator.database.Horizon;

class FollowingTest {
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final TurnedTime time = new TurnedTime();
    private final Following<String> following = new Following<>(time);
    /// From where on was read each time.
    private final List<Horizon> read = new ArrayList<>();

    private Duration takes = Duration.ZERO;

    private void ask() {
        ask("epoch");
    }

    private void ask(String key) {
        following.read(key, since -> {
            read.add(since);
            time.pass(takes);
            return new Horizon(100 + read.size());
        });
    }

    private int times(Runnable what) {
        int before = read.size();
        what.run();
        return read.size() - before;
    }

    @Test
    void aloneItReadsOnce() {
        following.others(false);
        time.pass(MOMENT);
        ask();
        time.pass(Duration.ofHours(1));
        ask();
        assertEquals(List.of(Horizon.NONE), read);
    }

    @Test
    void othersMayLiveUntilItIsKnownThatTheyDoNot() {
        ask();
        time.pass(Following.EVERY);
        assertEquals(1, times(this::ask));
    }

    @Test
    void whileOthersLiveItReadsWhatCameSinceOnceASecond() {
        ask();
        following.others(true);
        time.pass(MOMENT);
        assertEquals(0, times(this::ask));
        time.pass(Following.EVERY);
        assertEquals(1, times(this::ask));
        assertEquals(0, times(this::ask));
        assertEquals(List.of(Horizon.NONE, new Horizon(101)), read);
    }

    @Test
    void whatTheyDidLastIsReadOnceTheyAreGone() {
        ask();
        following.others(true);
        time.pass(Duration.ofMinutes(1));
        following.others(false);
        following.others(false);
        time.pass(Following.EVERY);
        assertEquals(1, times(this::ask));
        time.pass(Duration.ofMinutes(1));
        assertEquals(0, times(this::ask));
    }

    @Test
    void slowReadingTakesATwentiethOfTheTime() {
        takes = Duration.ofSeconds(1);
        ask();
        assertEquals(1, times(this::ask), "the first time there is more to read");
        time.pass(Duration.ofSeconds(19).minus(MOMENT));
        assertEquals(0, times(this::ask));
        time.pass(MOMENT);
        assertEquals(1, times(this::ask));
    }

    /// As many sites as there may be, in their epochs.
    @Test
    void soDoesReadingOfManyThings() {
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "epoch " + i).toList();
        many.forEach(this::ask);
        following.others(true);
        takes = Duration.ofMillis(10);
        time.pass(Duration.ofMinutes(1));
        int asked = times(() -> {
            for (int millis = 0; millis < 10_000; millis += 10) {
                many.forEach(this::ask);
                time.pass(Duration.ofMillis(10));
            }
        });
        assertTrue(asked > 20 && asked <= 60, asked + " of 10 ms each in ten seconds");
    }

    /// A read that failed after a long wait says nothing about the next.
    @Test
    void restsHalfAMinuteAtMost() {
        ask();
        following.others(true);
        time.pass(Following.EVERY);
        takes = Duration.ofMinutes(1);
        ask();
        time.pass(Following.LONGEST_REST.minus(MOMENT));
        assertEquals(0, times(this::ask));
        time.pass(MOMENT);
        assertEquals(1, times(this::ask));
    }

    @Test
    void readingThatFailedIsDoneAgainFromTheSamePlace() {
        following.others(true);
        ask();
        time.pass(Following.EVERY);
        following.read("epoch", since -> {
            throw new IllegalStateException("the database is away");
        });
        assertEquals(0, times(this::ask), "at once");
        time.pass(Following.EVERY);
        ask();
        assertEquals(List.of(Horizon.NONE, new Horizon(101)), read);
    }

    @Test
    void firstReadingMustNotFail() {
        assertThrows(
                IllegalStateException.class,
                () -> following.read("epoch", since -> {
                    throw new IllegalStateException("the database is away");
                }));
        ask();
        assertEquals(List.of(Horizon.NONE), read);
    }
}
