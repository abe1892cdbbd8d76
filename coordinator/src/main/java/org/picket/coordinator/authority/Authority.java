package org.picket.coordinator.authority;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.picket.proto.seal.KeyId;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;

/// Signs the certificates of one collective with one Ed25519 key. Its own certificate follows from the key
/// alone, so that nothing but the key need be kept.
///
/// Safe for any number of threads.
public final class Authority {
    /// How long a member's certificate is good for.
    public static final Duration MEMBER_LIFE = Duration.ofHours(24);

    /// How long the coordinator's is.
    public static final Duration COORDINATOR_LIFE = Duration.ofDays(30);

    /// Certificates begin so long before they are made: clocks differ.
    static final Duration LEEWAY = Duration.ofHours(1);

    private static final Instant BEGINNING = Instant.parse("2020-01-01T00:00:00Z");

    /// No end (RFC 5280, section 4.1.2.5): members pin the key, and a new key is a new collective.
    private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

    private static final int SERIAL_BITS = 127;
    private static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

    private final SigningKey key;
    private final SecureRandom random;
    private final X500Name name;
    private final ByteString own;

    /// @param key kept in an owner-only file by the caller, and used for nothing else
    /// @param random makes serial numbers
    public Authority(SigningKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
        this.name = new X500Name("CN=Picket collective " + key.verifyingKey().id());
        X509v3CertificateBuilder certificate = new X509v3CertificateBuilder(
                name, BigInteger.ONE, Date.from(BEGINNING), Date.from(NO_END), name, info(key.verifyingKey()));
        this.own = signed(
                certificate,
                new Use(Extension.basicConstraints, true, new BasicConstraints(0)),
                new Use(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
    }

    /// Names this authority's key, which members pin.
    public KeyId id() {
        return key.verifyingKey().id();
    }

    /// A chain for a member, as it is sent: DER, the member's own certificate first.
    ///
    /// @param member's kind and number come from the coordinator's records
    public List<ByteString> certify(Party member, VerifyingKey of, Instant now) {
        List<KeyPurposeId> purposes = new ArrayList<>(List.of(KeyPurposeId.id_kp_clientAuth));
        if (member.kind() == Party.Kind.CRAWLER) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        return List.of(
                certificate(member, of, purposes, List.of(), new Life(now.minus(LEEWAY), now.plus(MEMBER_LIFE))), own);
    }

    /// What the coordinator shows.
    ///
    /// @param hosts names and literal addresses by which clients of other makes check it
    public Credentials coordinator(SigningKey of, List<String> hosts, Instant now) {
        ByteString certificate = certificate(
                Party.COORDINATOR,
                of.verifyingKey(),
                List.of(KeyPurposeId.id_kp_serverAuth),
                hosts,
                new Life(now.minus(LEEWAY), now.plus(COORDINATOR_LIFE)));
        try {
            return new Credentials(of, Certificates.read(List.of(certificate, own)));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own cannot be read", e);
        }
    }

    /// Which callers' certificates are good, tells [org.picket.runtime.identity.Tls]; this is the issuer's own.
    public X509Certificate certificate() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(own.toByteArray()));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate of our own cannot be read", e);
        }
    }

    private record Life(Instant from, Instant until) {}

    private record Use(
            org.bouncycastle.asn1.ASN1ObjectIdentifier kind,
            boolean critical,
            org.bouncycastle.asn1.ASN1Encodable value) {}

    private ByteString certificate(
            Party party, VerifyingKey of, List<KeyPurposeId> purposes, List<String> hosts, Life life) {
        X509v3CertificateBuilder certificate = new X509v3CertificateBuilder(
                name,
                new BigInteger(SERIAL_BITS, random).setBit(0),
                Date.from(life.from()),
                Date.from(life.until()),
                new X500Name("CN=" + party),
                info(of));
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, party.uri()));
        hosts.forEach(host -> names.add(host(host)));
        return signed(
                certificate,
                new Use(Extension.basicConstraints, true, new BasicConstraints(false)),
                new Use(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
                new Use(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new))),
                new Use(Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new))));
    }

    private static GeneralName host(String host) {
        try {
            return new GeneralName(
                    GeneralName.iPAddress, InetAddress.ofLiteral(host).getHostAddress());
        } catch (IllegalArgumentException _) {
            return new GeneralName(GeneralName.dNSName, host);
        }
    }

    private static SubjectPublicKeyInfo info(VerifyingKey of) {
        return new SubjectPublicKeyInfo(ED25519, of.raw().toByteArray());
    }

    private ByteString signed(X509v3CertificateBuilder certificate, Use... uses) {
        try {
            for (Use use : uses) {
                certificate.addExtension(use.kind(), use.critical(), use.value());
            }
            return UnsafeByteOperations.unsafeWrap(
                    certificate.build(new Signer(key)).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException("a certificate cannot be written", e);
        }
    }

    /// Signs what the builder writes.
    private static final class Signer implements ContentSigner {
        private final SigningKey key;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        Signer(SigningKey key) {
            this.key = key;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return ED25519;
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return key.sign(content.toByteArray());
        }
    }
}
