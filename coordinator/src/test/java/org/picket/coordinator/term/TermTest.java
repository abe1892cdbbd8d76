package org.picket.coordinator.term;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.TurnedTime;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.fleet.OwnerId;

class TermTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration DEAD_AFTER = Duration.ofSeconds(60);

    private final TurnedTime time = new TurnedTime();

    @BeforeEach
    void nobodyWorks() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("update term set agent_owners = '{}'"));
    }

    private Term begin(String name) {
        return begin(name, UUID.randomUUID());
    }

    private Term begin(String name, UUID instance) {
        return Term.begin(DATABASE.database(), time, instance, name, DEAD_AFTER);
    }

    @Test
    void termsThatEndedLongAgoAreForgottenAndOthersStay() {
        Term old = begin("forgotten");
        old.end();
        Term living = begin("living");
        time.pass(Duration.ofDays(29));
        Term recent = begin("recent");
        recent.end();
        living.sweep(List.of());
        assertTrue(there(old.number()));
        time.pass(Duration.ofDays(2));
        living.sweep(List.of());
        assertFalse(there(old.number()));
        assertTrue(there(recent.number()));
        assertTrue(there(living.number()), "it has not ended, however long it was not seen");
    }

    private static boolean there(long term) {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("select exists (select from term where term = ?)")
                        .bind(0, term)
                        .mapTo(Boolean.class)
                        .one());
    }

    /// As after a commit whose answer was lost.
    @Test
    void termThatItBeganAndWasNotToldOfIsNoOthers() {
        UUID instance = UUID.randomUUID();
        Term first = begin("lost", instance);
        begin("lost", instance);
        assertInstanceOf(Term.Beat.Begun.class, first.beat());
        assertInstanceOf(Term.Beat.Lives.class, first.beat());
        begin("lost");
        assertInstanceOf(Term.Beat.Replaced.class, first.beat());
    }

    @Test
    void itKnowsByItselfThatItHasBeenSilent() {
        Term term = begin("silent");
        time.pass(DEAD_AFTER.dividedBy(2).minusMillis(1));
        assertFalse(term.silent());
        time.pass(Duration.ofMillis(1));
        assertTrue(term.silent());
        term.beat();
        assertFalse(term.silent());
    }

    @Test
    void operatorsThatOneHasSeenAreKnownToTheOthersForAWhile() {
        Term here = begin("one");
        Term there = begin("two");
        Set<OwnerId> seen = Set.of(new OwnerId(4), new OwnerId(5));
        assertEquals(Set.of(), there.operators(Set.of()));
        assertEquals(seen, here.operators(seen));
        here.end();
        assertEquals(seen, there.operators(Set.of()));
        time.pass(Duration.ofHours(2));
        there.beat();
        assertEquals(Set.of(), there.operators(Set.of()));
    }

    /// As after a fail-over to a database that had not heard of the first one yet.
    @Test
    void termWhoseNumberIsAnothersByNowIsOver() {
        Term first = begin("forgotten by its database");
        Term second = begunInItsPlace(first, "begun instead");
        assertEquals(
                OptionalLong.empty(), DATABASE.database().transaction(first::living), "it claims in another's term");
        assertInstanceOf(Term.Beat.Begun.class, first.beat());
        assertNotEquals(first.number(), second.number());
        assertInstanceOf(Term.Beat.Lives.class, first.beat());
        assertInstanceOf(Term.Beat.Lives.class, second.beat());
    }

    @Test
    void termThatIsOverSaysNothingInTheOneThatHasItsNumber() {
        Term first = begin("restored");
        first.operators(Set.of(new OwnerId(6)));
        Term second = begunInItsPlace(first, "begun after the restore");
        second.reachedAt("second.example:7443");
        second.operators(Set.of(new OwnerId(7)));
        first.reachedAt("first.example:7443");
        assertEquals(Set.of(new OwnerId(7)), first.operators(Set.of(new OwnerId(8))));
        assertTrue(second.addresses().contains("second.example:7443"));
        assertFalse(second.addresses().contains("first.example:7443"));
        first.beat();
        assertEquals(
                Set.of(new OwnerId(7), new OwnerId(8)),
                first.operators(Set.of(new OwnerId(8))),
                "in the term that it has begun since, it says so again");
        assertTrue(second.addresses().contains("first.example:7443"));
    }

    /// As after a restore of a backup that had not heard of a term yet.
    private Term begunInItsPlace(Term first, String name) {
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("delete from term where term = ?", first.number());
            handle.execute("select setval(pg_get_serial_sequence('term', 'term'), ?, false)", first.number());
        });
        Term second = begin(name);
        assertEquals(first.number(), second.number());
        return second;
    }

    /// As after a fail-over to a database whose clock is ahead.
    @Test
    void nobodyIsDeadSinceTheClockWasSetAhead() {
        Term one = begin("stepped one", time);
        Term other = begin("stepped other", time);
        pass(time);
        assertTrue(others(one).contains(other.number()));
        assertTrue(others(other).contains(one.number()));
        time.step(DEAD_AFTER.multipliedBy(10));
        assertFalse(one.silent());
        assertFalse(one.due());
        assertTrue(others(one).contains(other.number()), "a living one was taken for dead");
        assertTrue(others(other).contains(one.number()), "a living one was taken for dead");
    }

    /// As after a fail-over to a database whose clock is behind: who was there before comes down to it slowly, and
    /// who starts after it takes it at once.
    @Test
    void nobodyIsDeadSinceItsClockIsBehind() {
        TurnedTime ahead = new TurnedTime();
        ahead.pass(DEAD_AFTER.multipliedBy(10));
        Term before = begin("ahead", ahead);
        Term after = begin("behind", time);
        for (int i = 0; i < 30; i++) {
            pass(ahead, time);
            assertTrue(others(before).contains(after.number()), "a living one was taken for dead");
            assertTrue(others(after).contains(before.number()), "a living one was taken for dead");
        }
    }

    @Test
    void whoeverShowsNoSignOfLifeIsDeadThoughItsClockIsAhead() {
        TurnedTime ahead = new TurnedTime();
        ahead.pass(DEAD_AFTER.multipliedBy(10));
        Term dead = begin("dead", ahead);
        Term living = begin("watching", time);
        for (int i = 0; i < 5; i++) {
            pass(time);
            assertTrue(others(living).contains(dead.number()));
        }
        pass(time);
        assertFalse(others(living).contains(dead.number()));
        assertInstanceOf(Term.Beat.Begun.class, dead.beat());
    }

    private static Term begin(String name, TurnedTime time) {
        return Term.begin(DATABASE.database(), time, UUID.randomUUID(), name, DEAD_AFTER);
    }

    private static void pass(TurnedTime... clocks) {
        for (TurnedTime clock : clocks) {
            clock.pass(DEAD_AFTER.dividedBy(6));
        }
    }

    private static Set<Long> others(Term term) {
        return assertInstanceOf(Term.Beat.Lives.class, term.beat()).others().keySet();
    }
}
