package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.picket.crawler.source.Fetched;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.SourceException;
import org.picket.proto.circle.Circle;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.SuppliedObject;
import org.picket.runtime.channel.ViewFrame;

class SupplyTest extends SupplyFixture {
    @Test
    void viewsComeInOrderAndEachSegmentIsReportedBeforeItsEnd() throws InterruptedException {
        fill(150);
        Agent agent = agent(SETTINGS, 4);
        List<ViewFrame> frames = agent.all();
        assertTrue(agent.status().isOk(), agent.status().toString());
        int ordinal = -1;
        int view = 0;
        int segments = 0;
        for (ViewFrame frame : frames) {
            switch (frame) {
                case ViewFrame.Chunk chunk -> {
                    view = chunk.ordinal() == ordinal ? view + 1 : 0;
                    assertTrue(chunk.ordinal() >= ordinal, "ordinals go back");
                    ordinal = chunk.ordinal();
                    assertEquals(view, chunk.view());
                    assertEquals(
                            coordinator.objects().get(ordinal).getViews().getDigests(view),
                            Digest.of(chunk.pixels().array()).bytes(),
                            "the digest that the coordinator was told");
                }
                case ViewFrame.Segment segment -> {
                    assertEquals(64 * segments, segment.from());
                    segments++;
                    assertTrue(ordinal < segment.to());
                }
                case ViewFrame.End end -> assertEquals(150, end.objects());
            }
        }
        assertEquals(3, segments);
        assertEquals(
                List.of(64, 64, 22),
                coordinator.reports.stream().map(r -> r.getObjectsCount()).toList());
        assertEquals(
                List.of(false, false, true),
                coordinator.reports.stream().map(r -> r.getLast()).toList());
        assertTrue(coordinator.probes.get() < 150, coordinator.probes + " probes for 150 objects");
        assertFalse(agent.sawSegmentBeforeReport, "a segment's end came before its report");
    }

    @Test
    void segmentThatTakesLongEndsWithWhatItHas() throws InterruptedException {
        fill(100);
        SupplySettings impatient = new SupplySettings(
                3,
                3,
                2,
                16,
                4_096,
                1_000,
                8,
                SETTINGS.probeWait(),
                Duration.ZERO,
                SETTINGS.stall(),
                SETTINGS.word(),
                SiteLimits.NONE);
        Agent agent = agent(impatient, 200);
        int next = 0;
        for (ViewFrame frame : agent.all()) {
            if (frame instanceof ViewFrame.Segment segment) {
                assertEquals(next, segment.from());
                assertEquals(next + 1, segment.to());
                next++;
            }
        }
        assertEquals(100, next);
        assertEquals(100, coordinator.reported());
        assertTrue(coordinator.reports.getLast().getLast());
        assertFalse(agent.sawSegmentBeforeReport, "a segment's end came before its report");
    }

    @Test
    void agentThatTakesNothingHoldsTheSupplyUp() throws InterruptedException {
        fill(500);
        Agent agent = agent(SETTINGS, 0);
        agent.call.request(1);
        assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) instanceof ViewFrame.Chunk);
        agent.call.request(40);
        for (int i = 0; i < 40; i++) {
            assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) != null);
        }
        // 41 views are out, and a burst waits; beyond them no more than the window and the threads may be touched.
        int most = 41 + BURST + SETTINGS.window() + SETTINGS.fetchers() + 2;
        assertTrue(source.fetches() <= most, source.fetches() + " objects fetched, of at most " + most);
        agent.call.request(10_000);
        assertTrue(agent.closed().isOk());
        assertEquals(500, coordinator.reported());
    }

    @Test
    void eachFateIsToldWithItsReason() throws InterruptedException {
        fill(6);
        ObjectReference other = new ObjectReference("b", "v2", 1, Instant.EPOCH);
        source.answer(key(1), new Fetched.Gone())
                .answer(key(2), new Fetched.Changed(other))
                .answer(key(3), new Fetched.Unreachable(Fetched.Reason.TIMED_OUT))
                .answer(key(4), new Fetched.Unreachable(Fetched.Reason.PERMISSION_DENIED))
                .put(key(5), new byte[2_000])
                .put(key(6), new byte[0]);
        coordinator.ruled.add(Digest.of(content(0)).bytes());
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertEquals(List.of(new ViewFrame.Segment(0, 7), new ViewFrame.End(7)), frames);
        List<SuppliedObject> told = coordinator.objects();
        assertTrue(told.get(0).getKnown());
        assertTrue(told.get(1).getGone());
        assertEquals(
                InconclusiveReason.CHANGED_WHILE_READ,
                told.get(2).getInconclusive().getReason());
        assertEquals(
                InconclusiveReason.UNREACHABLE, told.get(3).getInconclusive().getReason());
        assertEquals(
                InconclusiveReason.UNREADABLE, told.get(4).getInconclusive().getReason());
        assertEquals(InconclusiveReason.TOO_LARGE, told.get(5).getInconclusive().getReason());
        assertEquals(InconclusiveReason.EMPTY, told.get(6).getInconclusive().getReason());
        assertEquals(1, decoded.get(), "only the empty object came to the decoder");
    }

    @Test
    void leaseOfAPartSuppliesThatPart() throws InterruptedException {
        fill(20);
        coordinator.terms = coordinator.terms.toBuilder()
                .setAfterKey(key(4))
                .setMaxObjects(3)
                .build();
        List<ViewFrame> frames = agent(SETTINGS, 100).all();
        assertEquals(new ViewFrame.End(3), frames.getLast());
        assertEquals(
                List.of(key(5), key(6), key(7)),
                coordinator.objects().stream().map(SuppliedObject::getKey).toList());
        assertTrue(coordinator.reports.getLast().getLast());
    }

    @Test
    void pickedObjectsAloneAreSuppliedAsFarAsTheyAreThere() throws InterruptedException {
        fill(20);
        coordinator.terms = coordinator.terms.toBuilder()
                .addAllPicked(List.of(key(2), key(7), key(11), "vanished"))
                .setMaxObjects(2)
                .build();
        agent(SETTINGS, 100).all();
        assertEquals(
                List.of(key(2), key(7)),
                coordinator.objects().stream().map(SuppliedObject::getKey).toList());
    }

    @Test
    void pickedObjectsBehindAKeyAreThoseThatAreLeft() throws InterruptedException {
        fill(20);
        coordinator.terms = coordinator.terms.toBuilder()
                .addAllPicked(List.of(key(11), "vanished"))
                .setAfterKey(key(7))
                .build();
        assertEquals(new ViewFrame.End(1), agent(SETTINGS, 100).all().getLast());
        assertEquals(key(11), coordinator.objects().getFirst().getKey());
        assertTrue(coordinator.reports.getLast().getLast());
    }

    @Test
    void emptyRangeIsReportedAsOver() throws InterruptedException {
        assertEquals(List.of(new ViewFrame.End(0)), agent(SETTINGS, 10).all());
        assertEquals(1, coordinator.reports.size());
        assertTrue(coordinator.reports.getFirst().getLast());
    }

    @Test
    void agentThatGoesAwayEndsTheWork() throws InterruptedException {
        fill(500);
        Agent agent = agent(SETTINGS, 0);
        agent.call.request(1);
        assertTrue(agent.frames.poll(10, TimeUnit.SECONDS) instanceof ViewFrame.Chunk);
        agent.call.cancel("gone", new IllegalStateException("gone"));
        assertEquals(Status.Code.CANCELLED, agent.closed().getCode());
        // The place of the lease is free again, and again: there are two.
        for (int i = 0; i < 4; i++) {
            coordinator.reports.clear();
            assertTrue(retried(agent).isOk());
        }
    }

    private Status retried(Agent before) throws InterruptedException {
        Status status = Status.RESOURCE_EXHAUSTED;
        for (int i = 0; i < 1_000 && status.getCode() == Status.Code.RESOURCE_EXHAUSTED; i++) {
            Agent next = new Agent(before.channel, 10_000);
            status = next.closed();
        }
        return status;
    }

    @Test
    void refusedTicketIsPassedOn() throws InterruptedException {
        coordinator.refusal = Status.FAILED_PRECONDITION.withDescription("the lease is no longer current");
        assertEquals(
                Status.Code.FAILED_PRECONDITION, agent(SETTINGS, 10).closed().getCode());
    }

    @Test
    void coordinatorThatIsAwayForAMomentCostsNothing() throws InterruptedException {
        fill(30);
        coordinator.failures.set(3);
        Agent agent = agent(SETTINGS, 1_000);
        assertTrue(agent.closed().isOk());
        assertEquals(30, coordinator.reported());
    }

    @Test
    void agentHearsNothingOfTheStorageThatCannotBeListed() throws InterruptedException {
        source.trouble(new SourceException("bucket holiday-2026 at s3.example.org: access denied"));
        Status status = agent(SETTINGS, 10).closed();
        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
        assertEquals("the storage cannot be listed", status.getDescription());
    }

    @Test
    void storageIsListedByAThreadThatMayBlock() throws InterruptedException {
        fill(3);
        assertTrue(agent(SETTINGS, 10).closed().isOk());
        assertFalse(source.lister().orElseThrow().isVirtual(), "reading files holds on to a carrier");
    }

    /// Whatever the coordinator would say of its ticket.
    @Test
    void pausedSiteIsThereForNobodyUntilItGoesOn() throws InterruptedException {
        fill(3);
        paused.set(true);
        Agent agent = agent(SETTINGS, 10);
        // That says nothing against the agent, the shard or the way, as UNAVAILABLE would against the way.
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, agent.closed().getCode());
        assertEquals(0, decoded.get());
        paused.set(false);
        assertEquals(Status.Code.OK, new Agent(agent.channel, 10).closed().getCode());
        assertEquals(3, decoded.get());
    }

    @Test
    void agentOutsideTheCircleIsSuppliedNothing() throws InterruptedException {
        fill(3);
        door = new Door(Circle.parse(List.of("own")), "site.example", Optional.empty());
        Agent agent = agent(SETTINGS, 10);
        assertEquals(Status.Code.PERMISSION_DENIED, agent.closed().getCode());
        assertTrue(agent.frames.isEmpty());
        assertEquals(0, decoded.get());
        assertEquals(0, coordinator.reported());
    }
}
