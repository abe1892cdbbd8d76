package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        assertEquals("io exception\nChannel Pipeline: [Tls#0]", FailedCall.why(LOST.withCause(new IOException())));
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
    }
}
