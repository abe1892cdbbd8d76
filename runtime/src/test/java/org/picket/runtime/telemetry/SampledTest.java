package org.picket.runtime.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampledTest {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private Instant now = Instant.EPOCH;
    private int reads;
    private Optional<RuntimeException> failure = Optional.empty();
    private final Sampled<Integer> sampled = new Sampled<>(EVERY, () -> now, this::read);

    private int read() {
        reads++;
        failure.ifPresent(e -> {
            throw e;
        });
        return reads;
    }

    @Test
    void itIsReadOnceASpanHoweverOftenItIsAskedFor() {
        for (int i = 0; i < 10; i++) {
            assertEquals(1, sampled.get());
        }
        now = now.plus(EVERY);
        assertEquals(2, sampled.get());
    }

    /// Who asks a moment later is told the same as who asked first, and not that something impossible happened.
    @Test
    void failureLastsAsLongAndStaysWhatItWas() {
        IllegalArgumentException away = new IllegalArgumentException("the database is away");
        failure = Optional.of(away);
        for (int i = 0; i < 10; i++) {
            assertSame(away, assertThrows(IllegalArgumentException.class, sampled::get));
        }
        assertEquals(1, reads);
        failure = Optional.empty();
        now = now.plus(EVERY);
        assertEquals(2, sampled.get());
    }
}
