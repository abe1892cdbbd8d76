package org.picket.runtime.identity;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.picket.proto.seal.KeyId;
import org.picket.runtime.time.TimeSource;

/// TLS 1.3 by the JDK, which takes Ed25519 certificates.
///
/// @param authority names the key of the issuer of all certificates
/// @param time decides whether they are still good
public record Tls(KeyId authority, TimeSource time) {
    private static final String VERSION = "TLSv1.3";

    /// For a server that may be called by parties of that kind, and by callers without a certificate: what
    /// those may do, an interceptor decides.
    public SslContext server(Supplier<Credentials> own, Predicate<Party> callers) {
        return build(SslContextBuilder.forServer(new CredentialKeys(() -> Optional.of(own.get())))
                .clientAuth(ClientAuth.OPTIONAL)
                .trustManager(new PeerTrust(authority, callers, time)));
    }

    /// For connections to a party. One that is made while the credentials are the same resumes the session of an
    /// earlier one.
    ///
    /// @param own empty: as a stranger, who shows no certificate
    public SslContext client(Supplier<Optional<Credentials>> own, Party server) {
        SslContext client = build(SslContextBuilder.forClient()
                .keyManager(new CredentialKeys(own))
                .trustManager(new PeerTrust(authority, server::equals, time)));
        return new PresentSessions(client, own);
    }

    /// Whom a chain is for that came by another way than a handshake: whether that party is at the other end,
    /// what it seals has to show.
    ///
    /// @param chain the party's own certificate, then its issuer's
    /// @throws CertificateException where it is not good for an expected party
    public Peer believe(List<X509Certificate> chain, Predicate<Party> expected) throws CertificateException {
        new PeerTrust(authority, expected, time).check(chain.toArray(X509Certificate[]::new));
        return Peer.of(chain.getFirst())
                .orElseThrow(() -> new CertificateException("the certificate has no Ed25519 key"));
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .protocols(VERSION)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK cannot serve TLS 1.3", e);
        }
    }
}
