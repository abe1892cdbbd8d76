package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class FailedCallTest {
    private static final Status LOST = Status.UNAVAILABLE.withDescription("io exception\nChannel Pipeline: [Tls#0]");

    @Test
    void connectionThatFailedSaysWithWhat() {
        assertEquals(
                "Connection refused",
                FailedCall.why(
                        LOST.withCause(new IOException("at port 1", new ConnectException("Connection refused")))));
        assertEquals("io exception", FailedCall.why(LOST.withCause(new IOException())));
        assertEquals("io exception", FailedCall.why(LOST.withCause(Status.CANCELLED.asRuntimeException())));
    }

    @Test
    void certificateThatIsNotBelievedSaysWhy() {
        SSLHandshakeException failed = new SSLHandshakeException("(certificate_unknown)");
        failed.initCause(new CertificateException(
                "the certificate does not hold: early", new CertPathValidatorException("early")));
        assertEquals("the certificate does not hold: early", FailedCall.why(LOST.withCause(failed)));
    }

    @Test
    void answerStandsForItself() {
        assertEquals("no such invite", FailedCall.why(Status.NOT_FOUND.withDescription("no such invite")));
        assertEquals("INTERNAL", FailedCall.why(Status.INTERNAL));
        String faults = "line 3: no such concept\n" + "line 4: ".repeat(100);
        assertEquals(faults, FailedCall.why(Status.INVALID_ARGUMENT.withDescription(faults)));
    }

    @Test
    void strangerHasOneLineAndNoEscapes() {
        String why = FailedCall.why(LOST.withCause(new IOException("a\u001b[2Jb\nc")));
        assertTrue(why.startsWith("a") && why.endsWith("b") && why.indexOf(0x1b) < 0, why);
        assertEquals(
                200,
                FailedCall.why(LOST.withCause(new IOException("d".repeat(5_000))))
                        .length());
    }
}
