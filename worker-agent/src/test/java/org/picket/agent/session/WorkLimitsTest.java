package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.ViewRoutes;

/// Bandwidth that an operator allows, by a clock that is turned by hand.
class WorkLimitsTest extends WorkFixture {
    private static final long DOWN = AgentLimits.LEAST_BYTES_PER_SECOND;
    private static final String USED_UP = "the bandwidth that is allowed is used up for ";
    private static final String UP_USED_UP = "the bandwidth that is allowed for reports is used up for ";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TickerFake ticker = new TickerFake();

    private void start(AgentLimits limits) {
        settings = new AgentSettings(
                        1,
                        SETTINGS.unanswered(),
                        SETTINGS.window(),
                        SETTINGS.batchWait(),
                        SETTINGS.acquireWait(),
                        SETTINGS.drain(),
                        SETTINGS.firstLook(),
                        AgentLimits.NONE)
                .with(limits);
        start(toLeases, ViewRoutes.within(toViews), ticker);
    }

    private static AgentLimits down() {
        return new AgentLimits(Leave.ALWAYS, OptionalLong.of(DOWN));
    }

    private void oneView(long shard) {
        lease(shard, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertFalse(Thread.currentThread().isInterrupted(), "it took too long");
            Thread.onSpinWait();
        }
    }

    private String idle() {
        return work.orElseThrow().status(ENGINE).idle().orElse("");
    }

    private boolean reported(int leases) {
        return coordinator.reports().size() == leases;
    }

    private long bytes() {
        return work.orElseThrow().status(ENGINE).flow().in().all();
    }

    /// Never more than a window, and what the time since has paid for.
    @Test
    void viewsOfALeaseComeNoFasterThanIsAllowed() {
        int views = 64;
        int quanta = 4;
        long window = (long) SETTINGS.window() * ScorerFake.VIEW_BYTES;
        List<Object> script = new ArrayList<>();
        for (int i = 0; i < views; i++) {
            script.add(chunk(i, 0, i));
        }
        script.add(segment(0, views));
        script.add(end(views));
        lease(1, LONG, script.toArray());
        start(down());
        long begun = ticker.nanos();
        await(() -> ticker.alarms() == quanta || reported(1));
        assertEquals(window, bytes(), "no time has passed");
        while (!reported(1)) {
            ticker.turnToNext();
            await(() -> ticker.alarms() == quanta || reported(1));
            long paid = DOWN * (ticker.nanos() - begun) / SECOND.toNanos();
            assertTrue(bytes() <= window + paid, () -> bytes() + " bytes, and " + paid + " are paid for");
        }
        assertEquals((long) views * ScorerFake.VIEW_BYTES, bytes());
    }

    @Test
    void noLeaseIsTakenBeforeTheViewsOfTheLastOneArePaidFor() throws Exception {
        oneView(1);
        oneView(2);
        start(down());
        await(() -> idle().startsWith(USED_UP) || reported(2));
        assertEquals(1, work.orElseThrow().status(ENGINE).counts().leases());
        ticker.turn(SECOND);
        coordinator.await(() -> reported(2));
    }

    @Test
    void noLeaseIsTakenBeforeWhatWasFetchedIsPaidFor() throws Exception {
        start(down());
        assertEquals(SECOND.multipliedBy(10), work.orElseThrow().came((int) (10 * DOWN)));
        ticker.turn(SECOND.multipliedBy(9));
        assertEquals(SECOND, work.orElseThrow().came(0));
        int asked = coordinator.acquires.get();
        // One request may have been under way.
        await(() -> idle().startsWith(USED_UP) || coordinator.acquires.get() > asked + 2);
        assertTrue(idle().startsWith(USED_UP), this::idle);
        oneView(1);
        ticker.turn(SECOND);
        coordinator.await(() -> reported(1));
    }

    @Test
    void noLeaseIsTakenBeforeTheVerdictOfTheLastOneIsPaidFor() throws Exception {
        oneView(1);
        start(new AgentLimits(
                Leave.ALWAYS, OptionalLong.empty(), OptionalLong.of(AgentLimits.LEAST_BYTES_UP_PER_SECOND)));
        coordinator.await(() -> reported(1));
        int asked = coordinator.acquires.get();
        // One request may have been under way.
        await(() -> idle().startsWith(UP_USED_UP) || coordinator.acquires.get() > asked + 2);
        assertTrue(idle().startsWith(UP_USED_UP), this::idle);
        oneView(2);
        ticker.turn(SECOND);
        coordinator.await(() -> reported(2));
    }
}
