package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.v1.ReportRequest;
import org.picket.proto.v1.VerdictStatement;

/// When an agent reports what of a lease, and that it is what it saw.
class ReportsTest extends WorkFixture {
    @Test
    void eachLeaseEndsInOneSignedVerdictOverAllItsViews() throws Exception {
        for (long shard = 1; shard <= 12; shard++) {
            lease(shard, LONG, chunk(0, 0, 1), chunk(0, 1, 2), segment(0, 2), chunk(3, 0, 3), segment(2, 4), end(4));
        }
        start();
        coordinator.await(() -> coordinator.reports().size() == 12);
        for (ReportRequest report : coordinator.reports()) {
            VerdictStatement verdict = verdict(report);
            assertEquals(0, verdict.getFrom());
            assertEquals(4, verdict.getTo());
            assertEquals(3, verdict.getViews());
            assertEquals(LeasesFake.BUNDLE, verdict.getBundleDigest());
            assertEquals("fake", verdict.getProviderClass());
            assertEquals(viewsDigest(1, 2, 3), verdict.getViewsDigest());
            assertEquals(scores(1, 2, 3), report.getScores());
        }
        AgentStatus status = work.orElseThrow().status(ENGINE);
        assertEquals(36, status.views());
        assertEquals(12, status.counts().leases());
        assertTrue(scorer.batches.get() < 36, scorer.batches + " batches for 36 views");
    }

    @Test
    void verdictIsSentAgainByteForByteUntilItIsAnswered() throws Exception {
        coordinator.failingReports.set(3);
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        start();
        coordinator.await(() -> coordinator.reports().size() == 4);
        assertEquals(1, coordinator.reports().stream().distinct().count());
    }

    @Test
    void longLeaseReportsItsCompleteSegmentsEarly() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        lease(1, 300, chunk(0, 0, 1), segment(0, 2), chunk(2, 0, 2), reported, segment(2, 3), end(3));
        start();
        // On a slow machine a beat may come before the first view is scored.
        coordinator.await(() -> coordinator.reports().size() == 1
                && coordinator.heartbeats().stream().anyMatch(beat -> beat.getCursor() == 2));
        reported.countDown();
        coordinator.await(() -> coordinator.reports().size() == 2);
        VerdictStatement first = verdict(coordinator.reports().get(0));
        VerdictStatement second = verdict(coordinator.reports().get(1));
        assertEquals(List.of(0, 2, 1), List.of(first.getFrom(), first.getTo(), first.getViews()));
        assertEquals(List.of(2, 3, 1), List.of(second.getFrom(), second.getTo(), second.getViews()));
        assertEquals(viewsDigest(2), second.getViewsDigest());
    }

    @Test
    void agentWithoutAnAcceptedVerdictReportsItsFirstSegmentAtOnce() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        lease(1, LONG, chunk(0, 0, 1), segment(0, 2), reported, chunk(2, 0, 2), segment(2, 3), looked, end(3));
        settings = new AgentSettings(
                1, 4, 16, SETTINGS.batchWait(), SETTINGS.acquireWait(), SETTINGS.drain(), SOON, AgentLimits.NONE);
        start();
        coordinator.await(() -> coordinator.reports().size() == 1);
        assertEquals(2, verdict(coordinator.reports().getFirst()).getTo());
        assertEquals(List.of(), coordinator.heartbeats());
        reported.countDown();
        while (work.orElseThrow().status(ENGINE).views() < 2) {
            Thread.onSpinWait();
        }
        looked.countDown();
        coordinator.await(() -> coordinator.reports().size() == 2);
        assertEquals(3, verdict(coordinator.reports().getLast()).getTo());
    }
}
