package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;

class WaitingAgentsIT extends ScannedStorage {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long SOON_SECONDS = 10;
    private static final long LOOK_NANOS = 1_000_000;

    /// An agent that waits for work, once it stands in the line behind those that came before.
    private CompletableFuture<AcquireResponse> waiting(FakeAgent agent) {
        int before = collective.coordinator.leases().waiting();
        CompletableFuture<AcquireResponse> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(agent.ask(LONG));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        awaitWaiting(before + 1);
        return answer;
    }

    private void awaitWaiting(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        while (collective.coordinator.leases().waiting() != count) {
            assertTrue(System.nanoTime() < deadline, "so many wait: " + count);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static Grant grant(CompletableFuture<AcquireResponse> answer) throws Exception {
        return answer.get(SOON_SECONDS, TimeUnit.SECONDS).getGrant();
    }

    @Test
    void agentsThatWaitAreServedInTheOrderInWhichTheyCame() throws Exception {
        List<FakeAgent> agents = new ArrayList<>();
        List<CompletableFuture<AcquireResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            agents.add(collective.agent(i + 1));
            answers.add(waiting(agents.getLast()));
        }
        fill(10);
        crawler.list();
        for (int i = 0; i < 4; i++) {
            Grant grant = grant(answers.get(i));
            assertEquals(i + 1, grant.getFence().getLeaseEpoch());
            assertEquals(
                    3 - i, answers.stream().filter(answer -> !answer.isDone()).count());
            agents.get(i).giveBack(grant, GiveBackRequest.Reason.STOPPING);
        }
    }

    @Test
    void requestThatIsOverTakesNoShard() throws Exception {
        FakeAgent agent = collective.agent(1);
        MemberId first = new MemberId(database.jdbi()
                .withHandle(handle -> handle.createQuery("select max(id) from member")
                        .mapTo(Long.class)
                        .one()));
        CompletableFuture<AcquireResponse> silenced = waiting(agent);
        CompletableFuture<AcquireResponse> next = waiting(collective.agent(2));
        fill(10);
        collective.coordinator.suspend(first);
        assertThrows(ExecutionException.class, () -> silenced.get(SOON_SECONDS, TimeUnit.SECONDS));
        awaitWaiting(1);
        crawler.list();
        assertEquals(1, grant(next).getFence().getLeaseEpoch());
    }

    @Test
    void agentThatCouldNotReachACrawlerIsOfferedItsStorageOnceOthersGotViews() throws Exception {
        fill(300);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        agent.giveBack(agent.lease(), GiveBackRequest.Reason.VIEWS_OUT_OF_REACH);
        assertFalse(agent.ask().hasGrant());
        CompletableFuture<AcquireResponse> waits = waiting(agent);
        crawler.supply(collective.agent(2).lease());
        assertTrue(grant(waits).hasFence());
    }

    @Test
    void agentThatCouldNotReachACrawlerIsOfferedItsStorageAgainAfterAWhile() {
        fill(300);
        crawler.list();
        FakeAgent agent = collective.agent(1);
        agent.giveBack(agent.lease(), GiveBackRequest.Reason.VIEWS_OUT_OF_REACH);
        assertTrue(agent.ask().getNone().getDetail().contains("out of this agent's reach"));
        collective.time.pass(Duration.ofMillis(400));
        assertTrue(agent.ask().hasGrant());
    }
}
