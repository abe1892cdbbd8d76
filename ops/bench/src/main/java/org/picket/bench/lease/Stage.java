package org.picket.bench.lease;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.coordinator.Coordinator;
import org.picket.coordinator.CoordinatorParts;
import org.picket.coordinator.CoordinatorSettings;
import org.picket.coordinator.FlaggedFindings;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.Preprocessing;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.Session;
import org.picket.runtime.membership.Joining;

/// A coordinator as a process makes it, on an embedded PostgreSQL, with its services behind gRPC's in-process
/// transport.
final class Stage implements AutoCloseable {
    static final List<String> CONCEPTS = List.of("lighthouse", "snow", "night", "drawing");
    static final Scoring SCORING = new Scoring(
            Digest.of(ByteString.copyFromUtf8("the bundle of a bench")),
            Preprocessing.newBuilder().setVersion(1).setViewSize(224).build());

    private static final OwnerId SITE = new OwnerId(1);
    private static final String NAME = "bench";
    private static final String POLICY = """
            id: "bench"
            version: 1
            rule {
              id: "r1" category: "test.lighthouse"
              all { concept: "lighthouse" gte: 0.5 }
              any { concept: "snow" gte: 0.5 }
              any { concept: "night" gte: 0.5 }
              none { concept: "drawing" gte: 0.5 }
              action: QUARANTINE
            }
            """;

    private final SecureRandom random = new SecureRandom();
    private final Map<StorageId, StorageTerms> storages = new ConcurrentHashMap<>();
    private final Database database;
    private final Coordinator coordinator;
    private final Server server;
    private final ManagedChannel channel;
    private long lastStorage;

    private Stage(Database database) {
        this.database = database;
        SigningKey key = SigningKey.generate(random);
        Ledger ledger = new Ledger("bench.invalid/ledger", key);
        Findings findings =
                new Findings((handle, records, orders, now) -> {}, (handle, storage, sha256, by, now) -> List.of());
        coordinator = Coordinator.start(
                new CoordinatorParts(
                        database,
                        key,
                        new CoordinatorParts.Sources(database.clock(), random),
                        id -> Optional.ofNullable(storages.get(id)),
                        new CoordinatorParts.Sinks(ledger::append, findings::record, new FlaggedFindings(findings))),
                CoordinatorSettings.standard(NAME));
        server = Servers.inProcess(
                NAME,
                ChannelSettings.DEFAULT,
                coordinator.services().stream()
                        .map(BindableService::bindService)
                        .toList(),
                coordinator.interceptors());
        channel = InProcessChannelBuilder.forName(NAME).directExecutor().build();
    }

    static Stage open(Path folder) {
        return new Stage(Database.open(new DatabaseSettings.Embedded(folder)));
    }

    Database database() {
        return database;
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /// A storage that no other run has used.
    StorageId storage() {
        StorageId id = new StorageId(++lastStorage);
        Policy policy = Policy.parse(POLICY, Path.of(".")).orThrow();
        storages.put(
                id,
                new StorageTerms(
                        id,
                        "folder:/bench/" + id,
                        SITE,
                        Digest.of(ByteString.copyFromUtf8("the epoch of a bench")),
                        SCORING,
                        new StorageTerms.Rules(
                                CompiledPolicy.of(policy, CONCEPTS),
                                ContentHashes.NONE,
                                new Enforcement(Action.OBSERVE, Fuses.DEFAULT)),
                        StorageTerms.Matching.NONE,
                        StorageTerms.Admission.EVERYONE));
        return id;
    }

    Channel crawler() {
        return enrolled(MemberRole.CRAWLER, SITE, SigningKey.generate(random));
    }

    Channel agent(SigningKey key) {
        return enrolled(MemberRole.AGENT, new OwnerId(2), key);
    }

    SigningKey key() {
        return SigningKey.generate(random);
    }

    private Channel enrolled(MemberRole role, OwnerId owner, SigningKey key) {
        String invite = coordinator.fleet().invite(role, owner, Duration.ofHours(1));
        ByteString session = EnrolmentGrpc.newBlockingStub(channel)
                .enrol(Joining.request(invite, role.wire(), key, "bench"))
                .getSession();
        return ClientInterceptors.intercept(channel, Session.attach(session));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        coordinator.close();
        database.close();
    }
}
