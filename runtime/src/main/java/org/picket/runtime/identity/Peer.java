package org.picket.runtime.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.picket.proto.seal.VerifyingKey;

/// The other end of a connection, as its certificate tells; the handshake has shown that it holds the key.
///
/// @param party whom the certificate is for
/// @param key its own
/// @param until the certificate's end
public record Peer(Party party, VerifyingKey key, Instant until) {
    /// Under which a session remembers its peer.
    private static final String REMEMBERED = "picket.peer";

    /// The peer of a session; empty where it showed no certificate, or one that names nobody. It is asked at each
    /// call, and checking that a key is a point of the curve takes a quarter of a millisecond: a session's
    /// certificate never changes, and so it remembers its peer.
    public static Optional<Peer> of(SSLSession session) {
        if (session.getValue(REMEMBERED) instanceof Peer peer) {
            return Optional.of(peer);
        }
        try {
            Optional<Peer> peer = session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? of(certificate)
                    : Optional.empty();
            peer.ifPresent(known -> session.putValue(REMEMBERED, known));
            return peer;
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    static Optional<Peer> of(X509Certificate certificate) {
        return Certificates.party(certificate)
                .flatMap(party -> Certificates.key(certificate)
                        .map(key ->
                                new Peer(party, key, certificate.getNotAfter().toInstant())));
    }
}
