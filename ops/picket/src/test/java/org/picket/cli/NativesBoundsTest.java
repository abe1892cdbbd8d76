package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.Inflow;
import org.picket.agent.session.WorkHours;
import org.picket.cli.AgentWish.Wish;

/// What an agent's operator allows holds for its natives, which come before anything works.
class NativesBoundsTest extends NativesFixture {
    private static final Instant BEGIN = Instant.parse("2026-03-02T12:00:00Z");
    private static final int PACK = PacksFake.pack("cpu").length;

    private final PacksFake coordinator = packs("cpu");
    private Duration waited = Duration.ZERO;
    /// Done at each wait.
    private Runnable meanwhile = () -> {};

    @BeforeEach
    void join() throws IOException {
        Files.createFile(data.resolve("agent.member"));
    }

    private AgentWish wish() {
        return new AgentWish(data);
    }

    /// The only time that passes is what is waited.
    private PackShelf shelf(WorkHours hours, OptionalLong down) {
        AgentLeave leave = new AgentLeave(hours, ZoneOffset.UTC);
        return shelf(
                new EarlyAllowance(leave, wish(), new Inflow(down), () -> waited.toNanos()),
                () -> BEGIN.plus(waited),
                longest -> {
                    waited = waited.plus(longest);
                    meanwhile.run();
                    return wish().drains();
                },
                coordinator);
    }

    /// Each chunk may leave a turn to leases, which are none yet.
    private void assertPaid(Duration least) {
        assertTrue(waited.compareTo(least) >= 0, waited::toString);
        assertTrue(waited.compareTo(least.plusSeconds(PACK / PacksFake.CHUNK)) <= 0, waited::toString);
    }

    @Test
    void packComesNoFasterThanItsOperatorAllows() throws InterruptedException {
        assertEquals(
                "cpu",
                natives().fetched(shelf(WorkHours.ALWAYS, OptionalLong.of(10))).provider());
        assertPaid(Duration.ofMillis(100L * PACK));
    }

    @Test
    void withoutABoundNothingWaits() throws InterruptedException {
        natives().fetched(shelf(WorkHours.ALWAYS, OptionalLong.empty()));
        assertEquals(Duration.ZERO, waited);
    }

    @Test
    void packComesWithinTheHoursOfItsOperatorAlone() throws InterruptedException {
        WorkHours nights = new WorkHours(Optional.of(WorkHours.readHours("22:00-07:00")), WorkHours.ALWAYS.days());
        Duration until = Duration.ofHours(10);
        meanwhile = () -> assertTrue(coordinator.offsets.isEmpty() == waited.compareTo(until) <= 0);
        natives().fetched(shelf(nights, OptionalLong.empty()));
        assertEquals(until, waited);
        assertEquals(List.of(0L), coordinator.offsets);
    }

    /// The last chunk is not waited for twice: what had come before the pause is kept.
    @Test
    void pauseHoldsUpADownloadInItsMidst() throws InterruptedException {
        Duration pause = Duration.ofHours(3);
        Duration chunk = Duration.ofSeconds(PacksFake.CHUNK);
        meanwhile = () -> {
            if (waited.equals(chunk)) {
                wish().want(Optional.of(Wish.PAUSE));
            }
            if (waited.compareTo(chunk.plus(pause)) >= 0) {
                wish().want(Optional.empty());
            }
        };
        natives().fetched(shelf(WorkHours.ALWAYS, OptionalLong.of(1)));
        assertEquals(List.of(0L, (long) PacksFake.CHUNK), coordinator.offsets);
        assertPaid(pause.plusSeconds(PACK));
    }

    @Test
    void agentThatIsToEndFetchesNoFurther() {
        meanwhile = () -> wish().want(Optional.of(Wish.DRAIN));
        PackShelf shelf = shelf(WorkHours.ALWAYS, OptionalLong.of(1));
        assertThrows(PackShelf.Unwanted.class, () -> natives().fetched(shelf));
        assertEquals(Duration.ofSeconds(PacksFake.CHUNK), waited);
        assertFalse(Files.exists(data.resolve("providers").resolve("fetched.zip")));
    }

    /// A coordinator that stays away is waited for no longer than anybody wants the agent.
    @Test
    void agentThatIsToEndAsksNoFurther() {
        coordinator.wants.addAll(List.of(io.grpc.Status.UNAVAILABLE, io.grpc.Status.UNAVAILABLE));
        meanwhile = () -> wish().want(Optional.of(Wish.DRAIN));
        PackShelf shelf = shelf(WorkHours.ALWAYS, OptionalLong.empty());
        assertThrows(PackShelf.Unwanted.class, () -> natives().fetched(shelf));
        assertEquals(1, coordinator.wants.size());
    }
}
