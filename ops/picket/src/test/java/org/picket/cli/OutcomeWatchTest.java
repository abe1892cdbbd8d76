package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.picket.proto.v1.RemovalAction;

class OutcomeWatchTest {
    private KeptFindings kept = new KeptFindings(1_000, true);

    @AfterEach
    void close() {
        kept.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachOrderedFindingIsSeenWhateverPagesComeAndNoOther(boolean knowsIds) {
        kept.close();
        kept = new KeptFindings(7, knowsIds);
        LongStream.rangeClosed(1, 100).forEach(id -> kept.states.put(id, "PURGED"));
        List<Long> ordered = List.of(3L, 4L, 11L, 12L, 40L, 41L, 42L, 43L, 44L, 45L, 46L, 47L, 99L);
        kept.states.put(41L, "PURGE_ORDERED");
        kept.states.put(99L, "REFUSED");
        Outcomes outcomes = watch(RemovalAction.PURGE, ordered).look();
        assertEquals(ordered, List.copyOf(outcomes.findings().keySet()));
        assertEquals(11, outcomes.carriedOut());
        assertEquals(1, outcomes.open());
        assertFalse(outcomes.complete());
    }

    @Test
    void whatHasItsOutcomeIsAskedForNoMore() {
        kept.states.putAll(Map.of(1L, "QUARANTINED", 2L, "QUARANTINE_ORDERED"));
        OutcomeWatch watch = watch(RemovalAction.QUARANTINE, List.of(1L, 2L));
        watch.look();
        kept.states.put(2L, "QUARANTINED");
        assertTrue(watch.look().complete());
        assertEquals(List.of(2L), kept.looks.getLast().getFindingIdsList());
        int looks = kept.looks.size();
        watch.look();
        assertEquals(looks, kept.looks.size());
    }

    @Test
    void waitEndsWithTheLastOutcomeThoughTheCoordinatorIsAwayForAWhile() {
        kept.states.put(1L, "RELEASE_ORDERED");
        OutcomeWatch watch = watch(RemovalAction.RELEASE, List.of(1L));
        kept.before.add(() -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        });
        kept.before.add(() -> kept.states.put(1L, "RELEASED"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        Outcomes outcomes = watch.await(Duration.ofSeconds(60), new ProgressLine(out, true, 0));
        assertTrue(outcomes.complete());
        String words = said.toString(StandardCharsets.UTF_8);
        assertTrue(words.contains("does not answer (UNAVAILABLE)"), words);
        assertTrue(words.contains("1 of 1 carried out"), words);
    }

    @Test
    void nobodyWaitsLongerThanAskedNorForWhatIsRefused() {
        kept.states.put(1L, "RELEASE_ORDERED");
        OutcomeWatch watch = watch(RemovalAction.RELEASE, List.of(1L));
        Outcomes outcomes = watch.await(Duration.ZERO, silent());
        assertEquals(1, outcomes.open());
        assertTrue(kept.looks.isEmpty());
        kept.before.add(() -> {
            throw Status.PERMISSION_DENIED.asRuntimeException();
        });
        assertThrows(StatusRuntimeException.class, () -> watch.await(Duration.ofSeconds(60), silent()));
    }

    @Test
    void outcomesAreToldWithTheirReasonsAndWhatIsLeft() {
        LongStream.rangeClosed(1, 30).forEach(id -> kept.states.put(id, "REFUSED"));
        kept.states.put(31L, "QUARANTINED");
        kept.states.put(32L, "QUARANTINE_ORDERED");
        Outcomes outcomes = watch(
                        RemovalAction.QUARANTINE,
                        LongStream.rangeClosed(1, 32).boxed().toList())
                .look();
        List<String> lines = outcomes.lines();
        assertEquals("1 carried out, 30 not; 'picket findings' says why", lines.getFirst());
        assertEquals("finding 1 is REFUSED: why", lines.get(1));
        assertEquals(List.of("and 10 more", "1 left: later"), lines.subList(21, 23));
        String json = outcomes.json().toString();
        assertTrue(
                json.startsWith(
                        "{\"ordered\":32,\"carriedOut\":1,\"other\":30,\"left\":1,\"complete\":false,\"findings\":[{\"id\":1,"
                                + "\"state\":\"REFUSED\",\"detail\":\"why\"},"),
                json);
    }

    @Test
    void purgeOfWhatStaysQuarantinedIsNotCarriedOut() {
        kept.states.put(1L, "QUARANTINED");
        assertFalse(watch(RemovalAction.PURGE, List.of(1L)).look().complete());
        assertTrue(watch(RemovalAction.QUARANTINE, List.of(1L)).look().complete());
        assertTrue(watch(RemovalAction.QUARANTINE, List.of()).look().complete());
    }

    private OutcomeWatch watch(RemovalAction action, List<Long> findings) {
        return new OutcomeWatch(kept.findings(), new Ordered(action, findings, findings.size()), "later");
    }

    private static ProgressLine silent() {
        return new ProgressLine(new PrintStream(PrintStream.nullOutputStream()), true, 0);
    }
}
