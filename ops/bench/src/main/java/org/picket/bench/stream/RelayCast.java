package org.picket.bench.stream;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.picket.coordinator.authority.Authority;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.DirectRoute;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.RelayRoute;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.identity.Certificates;
import org.picket.runtime.identity.Credentials;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.relay.KnownPeers;
import org.picket.runtime.time.TimeSource;

/// Who plays in the relay's measurement, as three processes know it: all keys follow from one number.
///
/// @param seed any 32 bytes
record RelayCast(byte[] seed) {
    static final Party AGENT = new Party(Party.Kind.AGENT, 1);
    static final Party CRAWLER = new Party(Party.Kind.CRAWLER, 2);
    static final StorageId STORAGE = new StorageId(1);
    static final LeaseId LEASE = new LeaseId(new UUID(1, 2));

    static RelayCast make() {
        byte[] seed = new byte[SigningKey.SEED_LENGTH];
        new SecureRandom().nextBytes(seed);
        return new RelayCast(seed);
    }

    static RelayCast of(String digits) {
        return new RelayCast(HexFormat.of().parseHex(digits));
    }

    String digits() {
        return HexFormat.of().formatHex(seed);
    }

    private SigningKey key(int which) {
        byte[] own = seed.clone();
        own[0] += (byte) which;
        return SigningKey.ofSeed(own);
    }

    Authority authority() {
        return new Authority(key(0), new SecureRandom());
    }

    SigningKey coordinator() {
        return key(1);
    }

    Credentials credentials(Party party) {
        SigningKey key = party.equals(AGENT) ? key(2) : key(3);
        try {
            return new Credentials(
                    key,
                    Certificates.read(authority()
                            .certify(
                                    party,
                                    key.verifyingKey(),
                                    TimeSource.system().now())));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    Tls tls() {
        return new Tls(key(0).verifyingKey().id(), TimeSource.system());
    }

    Introduction introduction(Party party, Path folder) {
        Credentials own = credentials(party);
        return new Introduction(
                tls(), () -> Optional.of(own), KnownPeers.open(folder.resolve("known-" + party.number())));
    }

    private Sealed ticket() {
        return coordinator()
                .seal(
                        SealKind.TICKET,
                        TicketStatement.newBuilder()
                                .setFence(Fence.newBuilder()
                                        .setLeaseId(LEASE.bytes())
                                        .setLeaseEpoch(1)
                                        .setTerm(1))
                                .setShardId(1)
                                .setStorageId(STORAGE.value())
                                .setAgentKeyId(key(2).verifyingKey().id().bytes())
                                .build());
    }

    Grant direct(int port) {
        return Grant.newBuilder()
                .setTicket(ticket())
                .setDirect(
                        DirectRoute.newBuilder().setAddress("127.0.0.1:" + port).setCrawlerMemberId(CRAWLER.number()))
                .build();
    }

    Grant relayed() {
        ByteString crawler = key(3).verifyingKey().id().bytes();
        return Grant.newBuilder()
                .setTicket(ticket())
                .setRelay(RelayRoute.newBuilder()
                        .setCrawlerMemberId(CRAWLER.number())
                        .setCrawlerKeyId(crawler))
                .build();
    }

    /// What a server of one of them shows.
    Credentials host() {
        return authority()
                .coordinator(
                        SigningKey.generate(new SecureRandom()),
                        List.of("127.0.0.1"),
                        TimeSource.system().now());
    }
}
