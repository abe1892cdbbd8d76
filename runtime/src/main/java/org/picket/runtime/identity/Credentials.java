package org.picket.runtime.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.List;
import java.util.Optional;
import org.picket.proto.seal.SigningKey;

/// What a party shows: its key, and the certificate over it with its issuer's.
///
/// @param key the private half never leaves the process
/// @param chain the party's own certificate first
public record Credentials(SigningKey key, List<X509Certificate> chain) {
    public Credentials {
        chain = List.copyOf(chain);
        if (chain.size() != 2 || !Certificates.key(chain.getFirst()).equals(Optional.of(key.verifyingKey()))) {
            throw new IllegalArgumentException("credentials are a key, a certificate over it, and its issuer's");
        }
    }

    /// Whom they are for; empty where the certificate names nobody.
    public Optional<Party> party() {
        return Certificates.party(chain.getFirst());
    }

    /// As the platform's TLS wants it.
    PrivateKey privateKey() {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key.seed()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "Credentials[" + key.verifyingKey().id() + "]";
    }
}
