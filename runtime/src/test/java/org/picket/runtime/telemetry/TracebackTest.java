package org.picket.runtime.telemetry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class TracebackTest {
    @Test
    void tellsKindsAndPlacesOfAllCausesAndNoMessage() {
        String told = Traceback.of(
                new IllegalStateException("a/secret.jpg", new UncheckedIOException(new IOException("a/secret.jpg"))));
        assertTrue(told.startsWith("java.lang.IllegalStateException at "), told);
        assertTrue(told.contains("; because of java.io.UncheckedIOException at "), told);
        assertTrue(told.contains("; because of java.io.IOException at "), told);
        assertTrue(told.contains("TracebackTest"), told);
        assertFalse(told.contains("secret"), told);
        assertFalse(told.contains("\n"), told);
    }

    @Test
    void aRingOfCausesHasAnEnd() {
        IllegalStateException one = new IllegalStateException();
        one.initCause(new IllegalStateException(one));
        assertTrue(Traceback.of(one).length() < 100_000);
    }
}
