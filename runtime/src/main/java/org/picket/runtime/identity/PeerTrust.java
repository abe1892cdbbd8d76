package org.picket.runtime.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.picket.proto.seal.KeyId;
import org.picket.runtime.time.TimeSource;

/// Trusts certificates of one authority, and of those only the expected parties'.
final class PeerTrust extends X509ExtendedTrustManager {
    private static final int CHAIN = 2;

    private final KeyId authority;
    private final Predicate<Party> expected;
    private final TimeSource time;

    /// @param authority names the issuer's key
    /// @param expected whether that party may stand at the other end
    PeerTrust(KeyId authority, Predicate<Party> expected, TimeSource time) {
        this.authority = authority;
        this.expected = expected;
        this.time = time;
    }

    void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length != CHAIN
                || Certificates.key(chain[1])
                        .filter(key -> key.id().equals(authority))
                        .isEmpty()) {
            throw new CertificateException("the certificate is of another authority than " + authority);
        }
        try {
            PKIXParameters rules = new PKIXParameters(Set.of(new TrustAnchor(chain[1], null)));
            rules.setRevocationEnabled(false);
            rules.setDate(Date.from(time.now()));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain[0])), rules);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificate does not hold: " + e.getMessage(), e);
        }
        Party party = Certificates.party(chain[0])
                .orElseThrow(() -> new CertificateException("the certificate names no party of a collective"));
        if (!expected.test(party)) {
            throw new CertificateException("the certificate is of another party: " + party);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
