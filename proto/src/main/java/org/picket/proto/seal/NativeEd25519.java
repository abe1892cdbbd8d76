package org.picket.proto.seal;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// One key's signatures in the native code of Amazon Corretto Crypto Provider (AWS-LC), which signs and verifies twice
/// as fast as BouncyCastle: for processes that have it among their libraries and make many signatures. Wherever it has
/// no answer, BouncyCastle is to be asked.
///
/// Loading takes half a second, so it is left until a process has shown that it will pay, and done by a thread of its
/// own. Both make the same signatures and refuse the same damaged ones. A key's owner, and nobody else, can craft
/// signatures that BouncyCastle takes and this does not, by adding points of small order, which RFC 8032 leaves open.
///
/// Safe for any number of threads.
final class NativeEd25519 {
    /// Signatures made and verified before it is loaded.
    static final int WORTH_LOADING = 4_096;

    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final String ALGORITHM = "Ed25519";

    /// What comes before the seed, or the key, in the encodings of RFC 8410.
    private static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final AtomicInteger USES = new AtomicInteger();
    private static final AtomicReference<Optional<Provider>> LOADED = new AtomicReference<>(Optional.empty());

    private final Supplier<byte[]> key;
    private final boolean signing;
    /// An initialised one that nobody uses just now.
    private final AtomicReference<Optional<Signature>> spare = new AtomicReference<>(Optional.empty());

    private NativeEd25519(Supplier<byte[]> key, boolean signing) {
        this.key = key;
        this.signing = signing;
    }

    static NativeEd25519 signing(Supplier<byte[]> seed) {
        return new NativeEd25519(seed, true);
    }

    static NativeEd25519 verifying(Supplier<byte[]> raw) {
        return new NativeEd25519(raw, false);
    }

    /// The signature; empty where native code is not at hand.
    Optional<byte[]> sign(byte[] message) {
        return take().flatMap(signature -> {
            try {
                signature.update(message);
                byte[] made = signature.sign();
                spare.set(Optional.of(signature));
                return Optional.of(made);
            } catch (GeneralSecurityException e) {
                return Optional.empty();
            }
        });
    }

    /// Whether it verifies; empty where native code is not at hand, or cannot tell.
    ///
    /// @param signed 64 bytes
    Optional<Boolean> verifies(byte[] message, byte[] signed) {
        return take().flatMap(signature -> {
            try {
                signature.update(message);
                boolean verifies = signature.verify(signed);
                spare.set(Optional.of(signature));
                return Optional.of(verifies);
            } catch (GeneralSecurityException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<Signature> take() {
        Optional<Provider> provider = provider();
        if (provider.isEmpty()) {
            return Optional.empty();
        }
        Optional<Signature> ready = spare.getAndSet(Optional.empty());
        return ready.isPresent() ? ready : initialised(provider.get());
    }

    private Optional<Signature> initialised(Provider provider) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM, provider);
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            if (signing) {
                signature.initSign(
                        keys.generatePrivate(new PKCS8EncodedKeySpec(concatenated(PRIVATE_PREFIX, key.get()))));
            } else {
                signature.initVerify(
                        keys.generatePublic(new X509EncodedKeySpec(concatenated(PUBLIC_PREFIX, key.get()))));
            }
            return Optional.of(signature);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static Optional<Provider> provider() {
        if (USES.get() < WORTH_LOADING && USES.incrementAndGet() == WORTH_LOADING) {
            Thread.ofPlatform().name("load-signatures").daemon().start(NativeEd25519::load);
        }
        return LOADED.get();
    }

    /// Loads it now, where it is among the libraries and fit for this machine.
    ///
    /// @return whether it was
    static boolean load() {
        try {
            LOADED.set(ServiceLoader.load(Provider.class, NativeEd25519.class.getClassLoader()).stream()
                    .filter(found -> found.type().getName().equals(PROVIDER))
                    .findFirst()
                    .map(ServiceLoader.Provider::get)
                    .filter(found -> found.getService("Signature", ALGORITHM) != null)
                    .filter(NativeEd25519::agrees));
        } catch (ServiceConfigurationError | LinkageError | RuntimeException unfit) {
            // As if it were not there: BouncyCastle does the same, slower.
            LOADED.set(Optional.empty());
        }
        return LOADED.get().isPresent();
    }

    /// Whether it makes the signature that BouncyCastle makes, and verifies it.
    private static boolean agrees(Provider provider) {
        SigningKey trial = SigningKey.generate(new SecureRandom());
        byte[] message = trial.verifyingKey().raw().toByteArray();
        byte[] expected = trial.signInJava(message);
        try {
            Signature maker = signing(trial::seed).initialised(provider).orElseThrow(GeneralSecurityException::new);
            maker.update(message);
            Signature verifier =
                    verifying(() -> message).initialised(provider).orElseThrow(GeneralSecurityException::new);
            verifier.update(message);
            return Arrays.equals(expected, maker.sign()) && verifier.verify(expected);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
