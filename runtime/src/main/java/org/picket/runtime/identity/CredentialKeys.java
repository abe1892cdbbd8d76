package org.picket.runtime.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// Shows the present credentials in each handshake, so that renewed ones count from the next connection on. The
/// key stays the same while a process lives; only the certificate changes.
final class CredentialKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "picket";
    private static final String KEY_TYPE = "EdDSA";
    private static final String[] NONE = {};

    private final Supplier<Optional<Credentials>> present;

    /// @param present asked in each handshake; empty: no certificate is shown
    CredentialKeys(Supplier<Optional<Credentials>> present) {
        this.present = present;
    }

    private Optional<Credentials> named(String alias) {
        return ALIAS.equals(alias) ? present.get() : Optional.empty();
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        for (String type : keyTypes) {
            if (KEY_TYPE.equals(type)) {
                return alias();
            }
        }
        return null;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return KEY_TYPE.equals(keyType) ? alias() : null;
    }

    private String alias() {
        return present.get().isPresent() ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias)
                .map(credentials -> credentials.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).map(Credentials::privateKey).orElse(null);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return NONE;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return NONE;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }
}
