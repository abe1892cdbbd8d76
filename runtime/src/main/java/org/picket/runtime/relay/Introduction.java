package org.picket.runtime.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.picket.proto.limit.Limits;
import org.picket.proto.relay.KeyExchange;
import org.picket.proto.relay.KeyExchange.Agreed;
import org.picket.proto.relay.KeyExchange.End;
import org.picket.proto.seal.KeyId;
import org.picket.proto.v1.RelayHello;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Peer;
import org.picket.runtime.identity.Tls;

/// What a member shows the other end of a relayed stream, and how it looks at what that end shows.
///
/// Safe for any number of threads.
public final class Introduction {
    private static final int CHAIN = 2;

    private final Tls tls;
    private final Supplier<Optional<Credentials>> own;
    private final KnownPeers known;
    private final SecureRandom random = new SecureRandom();

    /// @param own what this member shows
    /// @param known keys that it saw before
    public Introduction(Tls tls, Supplier<Optional<Credentials>> own, KnownPeers known) {
        this.tls = tls;
        this.own = own;
        this.known = known;
    }

    /// One stream's introduction, not answered yet.
    ///
    /// @param exchange this end's part in agreeing on a key
    /// @param hello what the other end is told
    public record Begun(KeyExchange exchange, RelayHello hello) {}

    /// Begins one, where this member has a certificate.
    ///
    /// @param crawler at the crawler's end; empty: this member
    public Optional<Begun> begin(End end, TicketStatement ticket, Optional<KeyId> crawler) {
        return own.get().map(credentials -> {
            KeyId far = crawler.orElseGet(() -> credentials.key().verifyingKey().id());
            KeyExchange exchange = KeyExchange.begin(end, ticket, far, credentials.key(), random);
            RelayHello.Builder hello = RelayHello.newBuilder().setKey(exchange.told());
            credentials.chain().forEach(one -> hello.addCertificates(der(one)));
            return new Begun(exchange, hello.build());
        });
    }

    /// Looks at what the other end shows.
    ///
    /// @param expected whether that party may stand there
    public Agreed answer(Begun begun, RelayHello hello, Predicate<Party> expected) {
        if (hello.getCertificatesCount() != CHAIN
                || hello.getCertificatesList().stream().anyMatch(one -> one.size() > Limits.CERTIFICATE_BYTES)) {
            return new Agreed.Refused("it shows no certificate");
        }
        Peer peer;
        try {
            peer = tls.believe(Certificates.read(hello.getCertificatesList()), expected);
        } catch (CertificateException e) {
            return new Agreed.Refused("its certificate is not good: " + e.getMessage());
        }
        Agreed agreed = begun.exchange().agree(hello.getKey(), peer.key());
        if (agreed instanceof Agreed.Key && !known.is(peer.party(), peer.key().id())) {
            return new Agreed.Refused("it has another key than " + peer.party()
                    + " had before; if that member joined anew," + " its line in " + known + " is to be deleted");
        }
        return agreed;
    }

    /// The statement of a ticket; whether it is genuine, is another question.
    public static Optional<TicketStatement> statement(Sealed ticket) {
        try {
            return ticket.getStatement().size() > Limits.STATEMENT_BYTES
                    ? Optional.empty()
                    : Optional.of(TicketStatement.parseFrom(ticket.getStatement()));
        } catch (InvalidProtocolBufferException _) {
            return Optional.empty();
        }
    }

    /// An id of a key as it came; empty where it is none.
    public static Optional<KeyId> id(ByteString bytes) {
        return bytes.size() == KeyId.LENGTH ? Optional.of(new KeyId(bytes)) : Optional.empty();
    }

    private static ByteString der(X509Certificate certificate) {
        try {
            return UnsafeByteOperations.unsafeWrap(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own cannot be written", e);
        }
    }
}
