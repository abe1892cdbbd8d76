package org.picket.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Lifecycle life = new Lifecycle("the whole", clock::get);

    private String part(Lifecycle lifecycle, String name) {
        return lifecycle.start(
                name,
                AMPLE,
                () -> {
                    events.add("+" + name);
                    return name;
                },
                started -> events.add("-" + started));
    }

    @Test
    void partsStopInReverseOrderOfTheirStart() {
        part(life, "database");
        part(life, "services");
        part(life, "agent");
        life.ready();
        life.close();
        assertEquals(List.of("+database", "+services", "+agent", "-agent", "-services", "-database"), events);
    }

    @Test
    void eachStateIsReachedInTurnAndTold() {
        assertEquals(new Standing("the whole", LifeState.STARTING, START, List.of()), life.standing());
        part(life, "one");
        part(life, "two");
        clock.set(START.plusSeconds(1));
        life.ready();
        clock.set(START.plusSeconds(2));
        life.ready();
        assertEquals(
                new Standing("the whole", LifeState.READY, START.plusSeconds(1), List.of("one", "two")),
                life.standing());
        life.drain();
        assertEquals(LifeState.DRAINING, life.state());
        life.ready();
        assertEquals(LifeState.DRAINING, life.state(), "what is to end does not become ready");
        clock.set(START.plusSeconds(3));
        life.close();
        assertEquals(new Standing("the whole", LifeState.STOPPED, START.plusSeconds(3), List.of()), life.standing());
    }

    @Test
    void partThatCannotStartStopsThoseBeforeIt() {
        IllegalArgumentException fault = assertThrows(
                IllegalArgumentException.class,
                () -> Lifecycle.assemble("the whole", clock::get, parts -> {
                    part(parts, "database");
                    part(parts, "services");
                    return parts.start(
                            "agent",
                            AMPLE,
                            () -> {
                                throw new IllegalArgumentException("no bundle");
                            },
                            started -> events.add("-agent"));
                }));
        assertEquals("no bundle", fault.getMessage());
        assertEquals(List.of("+database", "+services", "-services", "-database"), events);
    }

    @Test
    void assembledWholeIsReady() {
        Lifecycle made = Lifecycle.assemble("the whole", clock::get, parts -> {
            part(parts, "one");
            return parts;
        });
        assertEquals(LifeState.READY, made.state());
        made.close();
    }

    @Test
    void hangingPartIsNamedInterruptedAndHoldsUpNoOther() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        part(life, "database");
        life.start("agent 7", SHORT, () -> "agent", agent -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        part(life, "display");
        UnstoppedException unstopped = assertThrows(UnstoppedException.class, life::close);
        assertEquals(List.of("agent 7 (0.05 s)"), unstopped.parts());
        assertTrue(unstopped.getMessage().startsWith("the whole did not stop in order: agent 7"));
        assertEquals(List.of("+database", "+display", "-display", "-database"), events);
        assertEquals(LifeState.STOPPED, life.state());
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void partThatFailsToStopHoldsUpNoOtherAndIsHeard() {
        part(life, "database");
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        life.start("two", AMPLE, () -> 2, started -> {
            throw second;
        });
        life.start("one", AMPLE, () -> 1, started -> {
            throw first;
        });
        assertEquals(first, assertThrows(IllegalStateException.class, life::close));
        assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
        assertEquals(List.of("+database", "-database"), events);
    }

    @Test
    void closingTwiceStopsOnce() {
        part(life, "database");
        life.close();
        life.close();
        assertEquals(List.of("+database", "-database"), events);
    }

    @Test
    void interruptedThreadStopsAllTheSame() {
        part(life, "database");
        Thread.currentThread().interrupt();
        life.close();
        assertTrue(Thread.interrupted(), "and stays interrupted");
        assertEquals(List.of("+database", "-database"), events);
    }

    @Test
    void nothingIsStartedOnceAllIsToEnd() {
        Lifecycle scan = life.within("scan");
        life.drain();
        assertThrows(IllegalStateException.class, () -> part(life, "agent"));
        assertThrows(IllegalStateException.class, () -> part(scan, "agent"));
        assertThrows(IllegalStateException.class, () -> life.within("another scan"));
        assertEquals(List.of(), events);
        life.close();
    }

    @Test
    void partThatCameUpWhileAllWasClosedIsStopped() {
        assertThrows(
                IllegalStateException.class,
                () -> life.start(
                        "agent",
                        AMPLE,
                        () -> {
                            life.close();
                            return "agent";
                        },
                        agent -> events.add("-agent")));
        assertEquals(List.of("-agent"), events);
    }

    @Test
    void pieceOfWorkEndsByItselfOrWithTheWhole() {
        part(life, "database");
        try (Lifecycle scan = life.within("scan")) {
            part(scan, "agent");
            assertEquals(List.of("database", "scan"), life.standing().parts());
        }
        assertEquals(List.of("database"), life.standing().parts());
        Lifecycle scan = life.within("scan");
        part(scan, "agent");
        life.close();
        assertEquals(List.of("+database", "+agent", "-agent", "+agent", "-agent", "-database"), events);
        assertEquals(LifeState.STOPPED, scan.state());
        assertFalse(scan.standing().parts().contains("agent"));
    }
}
