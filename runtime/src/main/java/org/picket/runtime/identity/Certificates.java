package org.picket.runtime.identity;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.picket.proto.seal.VerifyingKey;

/// Reads certificates.
public final class Certificates {
    /// Kind of a subject alternative name (RFC 5280, section 4.2.1.6): a URI.
    private static final int URI_NAME = 6;

    /// What stands before the 32 bytes of an Ed25519 key in its encoded form (RFC 8410, section 4).
    private static final ByteString ED25519_PREFIX = ByteString.fromHex("302a300506032b6570032100");

    private Certificates() {}

    /// Reads a chain as it is sent: DER, one each.
    ///
    /// @throws CertificateException where that is none
    public static List<X509Certificate> read(List<ByteString> der) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>(der.size());
        for (ByteString one : der) {
            chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one.toByteArray())));
        }
        return List.copyOf(chain);
    }

    /// The key that a certificate is about; empty where it is no Ed25519 key.
    public static Optional<VerifyingKey> key(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        ByteString encoded =
                ByteString.copyFrom(Optional.ofNullable(key.getEncoded()).orElse(new byte[0]));
        try {
            return encoded.startsWith(ED25519_PREFIX)
                    ? Optional.of(VerifyingKey.of(encoded.substring(ED25519_PREFIX.size())))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whom a certificate is for; empty where it names none, or more than one.
    public static Optional<Party> party(X509Certificate certificate) {
        List<Party> named = new ArrayList<>();
        for (List<?> name : names(certificate)) {
            if (name.get(0).equals(URI_NAME)) {
                Optional<Party> party = Party.parse(String.valueOf(name.get(1)));
                if (party.isEmpty()) {
                    return Optional.empty();
                }
                named.add(party.get());
            }
        }
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    private static Collection<List<?>> names(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }
}
