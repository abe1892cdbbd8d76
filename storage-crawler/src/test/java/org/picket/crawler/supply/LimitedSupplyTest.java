package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.SupplyReport;
import org.picket.runtime.channel.ViewFrame;

/// A crawler that is slow on purpose. Its clock stands until the test sets it forward.
class LimitedSupplyTest extends SupplyFixture {
    private static final int OBJECTS = 5;
    private static final long FAR = TimeUnit.DAYS.toNanos(1);

    private final StandingClock clock = new StandingClock();

    private static final class StandingClock implements Brake.Clock {
        private long now;
        private long step;

        @Override
        public synchronized long nanos() {
            return now;
        }

        /// Time passes as it is waited for.
        synchronized void go() {
            step = FAR;
            notifyAll();
        }

        @Override
        public synchronized void pause(long nanos) throws InterruptedException {
            if (step == 0) {
                wait(10);
            }
            now += Math.min(step, nanos);
        }
    }

    private static SupplySettings settings(SiteLimits limits, int leases, Duration stall) {
        return new SupplySettings(
                3,
                3,
                leases,
                16,
                4_096,
                1_000,
                8,
                SETTINGS.probeWait(),
                SETTINGS.segment(),
                stall,
                Duration.ZERO,
                limits);
    }

    private static SiteLimits reading() {
        return new SiteLimits(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.empty());
    }

    private SupplyReport nextWord() throws InterruptedException {
        SupplyReport word = coordinator.words.poll(20, TimeUnit.SECONDS);
        assertTrue(word != null, "the coordinator hears nothing of the lease");
        return word;
    }

    @Test
    void leaseThatWaitsToReadReadsNothingButSaysThatItLives() throws InterruptedException {
        fill(OBJECTS);
        Agent agent = agent(settings(reading(), 2, SETTINGS.stall()), 1_000, clock);
        assertFirstView(agent);
        for (int i = 0; i < 3; i++) {
            SupplyReport word = nextWord();
            assertEquals(0, word.getObjectsCount());
            assertEquals(0, word.getFrom());
        }
        assertEquals(1, source.fetches(), "the first one goes at once, the next when it is paid for");
        clock.go();
        assertComplete(agent);
    }

    @Test
    void leaseThatWaitsToSendSaysThatItLives() throws InterruptedException {
        fill(OBJECTS);
        SiteLimits sending = new SiteLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(1));
        Agent agent = agent(settings(sending, 2, SETTINGS.stall()), 1_000, clock);
        assertFirstView(agent);
        nextWord();
        nextWord();
        assertTrue(agent.frames.isEmpty(), "one view went at once, the next goes when it is paid for");
        clock.go();
        assertComplete(agent);
    }

    @Test
    void objectsAreBoundedByNumberToo() throws InterruptedException {
        fill(OBJECTS);
        SiteLimits calls = new SiteLimits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.empty());
        Agent agent = agent(settings(calls, 2, SETTINGS.stall()), 1_000, clock);
        assertFirstView(agent);
        nextWord();
        assertEquals(1, source.fetches());
        clock.go();
        assertComplete(agent);
    }

    private static void assertFirstView(Agent agent) throws InterruptedException {
        assertTrue(agent.frames.poll(20, TimeUnit.SECONDS) instanceof ViewFrame.Chunk, "no view came");
    }

    private void assertComplete(Agent agent) throws InterruptedException {
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        assertEquals(new ViewFrame.End(OBJECTS), frames.getLast());
        assertEquals(OBJECTS, coordinator.reported());
        assertEquals(OBJECTS, source.fetches());
    }

    @Test
    void agentThatGoesWhileItsLeaseIsHeldUpMakesRoom() throws InterruptedException {
        fill(OBJECTS);
        Agent agent = agent(settings(reading(), 1, SETTINGS.stall()), 1_000, clock);
        nextWord();
        Agent next = new Agent(agent.channel, 1_000);
        agent.call.cancel("gone", new IllegalStateException("gone"));
        // It is the next one's word once the first one's place is free.
        coordinator.words.clear();
        coordinator.reports.clear();
        nextWord();
        clock.go();
        assertTrue(next.closed().isOk());
    }

    @Test
    void streamWhoseTurnDoesNotComeIsToldToGo() throws InterruptedException {
        fill(OBJECTS);
        Agent agent = agent(settings(reading(), 1, Duration.ZERO), 1_000, clock);
        nextWord();
        Status second = new Agent(agent.channel, 1_000).closed();
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, second.getCode(), second.toString());
        clock.go();
        assertComplete(agent);
    }
}
