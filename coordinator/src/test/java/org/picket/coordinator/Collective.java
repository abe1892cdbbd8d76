package org.picket.coordinator;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.OrderRequest;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.lease.LeaseSettings;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.EnrolResponse;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Preprocessing;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.channel.Session;
import org.picket.runtime.membership.Joining;

/// A coordinator with its members in one process, over real gRPC services and a real database.
final class Collective implements AutoCloseable {
    static final Scoring SCORING = scoring("bundle", 224);
    static final Scoring TAGGER = scoring("tagger", 448);
    static final OwnerId SITE = new OwnerId(1);
    static final Duration TTL = Duration.ofSeconds(60);

    private static final Duration NEVER = Duration.ofHours(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String POLICY = """
            id: "test"
            version: 1
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: QUARANTINE }
            """;

    private static final String FUSE = "fuses { site_flag_ratio: 1 }\n";

    private static final String TAGGED_POLICY = """
            id: "test"
            version: 1
            further { bundle: "tagger" concept: "tagged" when { concept: "lighthouse" gte: 0.5 } }
            rule {
              id: "r1" category: "test.lighthouse" action: QUARANTINE
              all { concept: "lighthouse" gte: 0.5 } all { bundle: "tagger" concept: "tagged" gte: 0.5 }
            }
            """;

    final TurnedTime time;
    final Map<StorageId, StorageTerms> storages;
    final List<LedgerBody> ledger;
    /// Whether the ledger, and with it every commit, fails.
    volatile boolean ledgerFails;

    final List<OrderRequest> orders = new CopyOnWriteArrayList<>();
    final SigningKey key;
    final Database database;
    private final String name;
    private final Duration sweepEvery;

    Coordinator coordinator;
    private Server server;
    private ManagedChannel channel;

    Collective(Database database) {
        this.database = database;
        name = "test";
        sweepEvery = NEVER;
        key = SigningKey.generate(new SecureRandom());
        time = new TurnedTime();
        storages = new ConcurrentHashMap<>();
        ledger = new CopyOnWriteArrayList<>();
        start();
    }

    /// Another coordinator of the same collective, on the same database, which looks after itself only when told.
    Collective(Collective other, String name) {
        this(other, name, NEVER);
    }

    /// As the other one.
    ///
    /// @param sweepEvery how often it looks after itself
    Collective(Collective other, String name, Duration sweepEvery) {
        this.sweepEvery = sweepEvery;
        database = other.database;
        this.name = name;
        key = other.key;
        time = other.time;
        storages = other.storages;
        ledger = other.ledger;
        start();
    }

    /// A coordinator of the same name, on the same database: a new term.
    void restart() {
        close();
        start();
    }

    /// As after kill -9: the old one goes on, but nobody talks to it.
    void startBeside() {
        server.shutdownNow();
        channel.shutdownNow();
        start();
    }

    private void start() {
        LedgerSink sink = (handle, bodies) -> {
            if (ledgerFails) {
                throw new IllegalStateException("the ledger fails, as the test asked");
            }
            long first = ledger.size();
            ledger.addAll(bodies);
            return first;
        };
        Findings findings = new Findings(
                (handle, records, requests, now) -> orders.addAll(requests),
                (handle, storage, sha256, by, now) -> List.of());
        CoordinatorSettings settings = new CoordinatorSettings(
                name, new LeaseSettings(TTL, Duration.ofMinutes(5), 8, 4, 16, 64), 16_384, sweepEvery);
        coordinator = Coordinator.start(
                new CoordinatorParts(
                        database,
                        key,
                        new CoordinatorParts.Sources(time, new SecureRandom()),
                        id -> Optional.ofNullable(storages.get(id)),
                        new CoordinatorParts.Sinks(sink, findings::record, new FlaggedFindings(findings))),
                settings);
        String server = "coordinator-" + NUMBER.incrementAndGet();
        this.server = Servers.inProcess(
                server,
                ChannelSettings.DEFAULT,
                coordinator.services().stream()
                        .map(BindableService::bindService)
                        .toList(),
                coordinator.interceptors());
        channel = InProcessChannelBuilder.forName(server).directExecutor().build();
    }

    /// Registers a storage of another site.
    StorageTerms storage(long id, String epoch, OwnerId site) {
        StorageTerms ours = storage(id, epoch);
        return register(new StorageTerms(
                ours.storage(),
                ours.identity(),
                site,
                ours.epoch(),
                ours.scoring(),
                ours.rules(),
                ours.matching(),
                ours.admission()));
    }

    /// Registers a storage of which not everybody may have leases.
    StorageTerms storage(long id, String epoch, StorageTerms.Admission admission) {
        return register(storage(id, epoch).with(admission));
    }

    /// Registers a storage, or changes its epoch.
    StorageTerms storage(long id, String epoch) {
        return storage(id, epoch, Action.OBSERVE, ContentHashes.NONE);
    }

    /// Registers a storage, or changes what may follow from its rulings.
    StorageTerms storage(long id, String epoch, Action mode, ContentHashes allowlist) {
        Policy policy = Policy.parse(POLICY, Path.of(".")).orThrow();
        return register(terms(
                id,
                epoch + " of " + id,
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse")),
                        allowlist,
                        new Enforcement(mode, Fuses.DEFAULT))));
    }

    /// Registers a storage where flagged objects are destroyed, as far as the machine may.
    StorageTerms purgedStorage(long id, String epoch) {
        Policy policy = Policy.parse(POLICY.replace("action: QUARANTINE", "action: PURGE") + FUSE, Path.of("."))
                .orThrow();
        return register(terms(
                id,
                epoch + " of " + id,
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse")),
                        ContentHashes.NONE,
                        new Enforcement(Action.PURGE, policy.fuses()))));
    }

    /// Registers a storage whose policy asks a further bundle about objects that score 0.5 at least.
    StorageTerms taggedStorage(long id, String epoch) {
        Policy policy = Policy.parse(TAGGED_POLICY, Path.of(".")).orThrow();
        FurtherBundle tagger = new FurtherBundle("tagger", List.of("tagged"), TAGGER);
        return register(terms(
                id,
                epoch + " of tagged " + id,
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse"), List.of(tagger)),
                        ContentHashes.NONE,
                        new Enforcement(Action.OBSERVE, Fuses.DEFAULT))));
    }

    private StorageTerms register(StorageTerms terms) {
        storages.put(terms.storage(), terms);
        return terms;
    }

    private static StorageTerms terms(long id, String epoch, StorageTerms.Rules rules) {
        return new StorageTerms(
                new StorageId(id),
                "folder:/" + id,
                SITE,
                Digest.of(ByteString.copyFromUtf8(epoch)),
                SCORING,
                rules,
                StorageTerms.Matching.NONE,
                StorageTerms.Admission.EVERYONE);
    }

    private static Scoring scoring(String bundle, int viewSize) {
        return new Scoring(
                Digest.of(ByteString.copyFromUtf8(bundle)),
                Preprocessing.newBuilder().setVersion(1).setViewSize(viewSize).build());
    }

    /// An agent that has the further bundle alone.
    FakeAgent tagger(long owner) {
        SigningKey own = SigningKey.generate(new SecureRandom());
        return new FakeAgent(
                enrolled(MemberRole.AGENT, new OwnerId(owner), own),
                own,
                TAGGER.bundle().bytes(),
                TAGGER.preprocessingDigest().bytes(),
                item -> item.content().contains("tagged") ? 0.9 : 0.1);
    }

    Channel enrolled(MemberRole role, OwnerId owner, SigningKey own) {
        return enrolled(role, owner, "", own);
    }

    private Channel enrolled(MemberRole role, OwnerId owner, String region, SigningKey own) {
        String invite = coordinator.fleet().invite(role, owner, region, Circle.EVERYONE, Duration.ofHours(1));
        return ClientInterceptors.intercept(
                channel, Session.attach(enrol(invite, role, own).getSession()));
    }

    EnrolResponse enrol(String invite, MemberRole role, SigningKey own) {
        return EnrolmentGrpc.newBlockingStub(channel).enrol(Joining.request(invite, role.wire(), own, "test"));
    }

    FakeCrawler crawler(long storage) {
        return crawler(storage, SITE);
    }

    FakeCrawler crawler(long storage, OwnerId site) {
        return new FakeCrawler(enrolled(MemberRole.CRAWLER, site, SigningKey.generate(new SecureRandom())), storage);
    }

    FakeAgent agent(long owner) {
        SigningKey own = SigningKey.generate(new SecureRandom());
        return agent(owner, own);
    }

    /// An agent of which it is known where it stands.
    FakeAgent agent(long owner, String region) {
        SigningKey own = SigningKey.generate(new SecureRandom());
        return scanning(enrolled(MemberRole.AGENT, new OwnerId(owner), region, own), own);
    }

    FakeAgent agent(long owner, SigningKey own) {
        return scanning(enrolled(MemberRole.AGENT, new OwnerId(owner), own), own);
    }

    /// An agent that has the bundle, behind that channel.
    static FakeAgent scanning(Channel channel, SigningKey own) {
        return new FakeAgent(
                channel,
                own,
                SCORING.bundle().bytes(),
                SCORING.preprocessingDigest().bytes());
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        server.shutdownNow();
        channel.shutdownNow();
        coordinator.close();
    }
}
