package org.picket.runtime.identity;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/// A client's TLS that resumes no session but those in which the present credentials were shown. Who resumes a session
/// is asked for no certificate and stays who he was: the server would go on with one that was renewed since, and
/// refuse it once it has expired, on each new connection for as long as the session lives.
///
/// Safe for any number of threads.
final class PresentSessions extends DelegatingSslContext {
    private final Supplier<Optional<Credentials>> present;

    /// @param present asked for each connection; empty: no certificate is shown
    PresentSessions(SslContext client, Supplier<Optional<Credentials>> present) {
        super(client);
        this.present = present;
    }

    @Override
    protected void initEngine(SSLEngine engine) {
        List<X509Certificate> shown = present.get().map(Credentials::chain).orElse(List.of());
        for (byte[] id : Collections.list(sessionContext().getIds())) {
            Optional.ofNullable(sessionContext().getSession(id))
                    .filter(session -> !shown.equals(shown(session)))
                    .ifPresent(SSLSession::invalidate);
        }
    }

    private static List<Certificate> shown(SSLSession session) {
        return Optional.ofNullable(session.getLocalCertificates())
                .map(Arrays::asList)
                .orElse(List.of());
    }
}
