package org.picket.coordinator.progress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.picket.coordinator.removal.RemovalFixture.rulings;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.AdministratorAccess;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.finding.Findings;
import org.picket.coordinator.finding.ModeTerms;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.finding.Rulings;
import org.picket.coordinator.hashlist.HashLists;
import org.picket.coordinator.ledger.Ledger;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.removal.CrawlerAccess;
import org.picket.coordinator.removal.Orders;
import org.picket.coordinator.removal.RemovalFixture;
import org.picket.coordinator.removal.RemovalSettings;
import org.picket.coordinator.removal.Removals;
import org.picket.coordinator.site.LiveStorage;
import org.picket.coordinator.site.LiveStorages;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.Storage;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.AcknowledgeRequest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.CheckpointRequest;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnforceResponse;
import org.picket.proto.v1.ExportLedgerRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.LedgerMessage;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.ReceiptStatement.Outcome;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.Span;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

/// The services for administrators and crawlers of one site, behind a server of this process.
final class ServicesFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    static final String ORIGIN = "picket.test/ledger";
    static final ByteString SALT = ByteString.copyFromUtf8("a secret of this test");

    private final Database database;
    final SigningKey coordinatorKey = SigningKey.generate(new SecureRandom());
    private final SigningKey crawlerKey = SigningKey.generate(new SecureRandom());
    private final Ledger ledger = new Ledger(ORIGIN, coordinatorKey);
    final Sites sites = new Sites();
    final AtomicReference<Optional<Scan>> scan = new AtomicReference<>(Optional.empty());
    SiteId site;
    private final Findings findings;
    private final LiveStorages storages;
    final ManagedChannel channel;
    private final Server server;

    ServicesFixture(Database database) {
        this.database = database;
        int number = NUMBER.incrementAndGet();
        site = database.transaction(handle -> sites.site(handle, "site " + number, NOW))
                .id();
        findings = new Findings(new Orders(coordinatorKey, ledger::append, new SecureRandom()), sites::allow);
        storages = new LiveStorages(database, sites, new HashLists(), () -> NOW);
        Removals removals =
                new Removals(database, () -> NOW, findings, ledger::append, new Crawler(), RemovalSettings.standard());
        ProgressParts parts = new ProgressParts(
                new ProgressParts.Core(database, () -> NOW, ledger::append, () -> site, SALT),
                new ProgressParts.Places(sites, storages),
                new ProgressParts.Work(_ -> scan.get(), findings, removals));
        String name = "services " + number;
        server = Servers.inProcess(
                name,
                ChannelSettings.DEFAULT,
                List.of(
                        Progress.sites(parts, () -> 0).bindService(),
                        Progress.ledger(database, () -> NOW, ledger).bindService(),
                        removals.service().bindService(),
                        findings.service(database, () -> NOW, new Admin(), new SiteServices.Hurry(removals, storages))
                                .bindService()),
                List.of());
        channel = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    RegisterStorageResponse register(Mode mode, String policy) {
        return register(registration(mode, policy).build());
    }

    RegisterStorageResponse register(RegisterStorageRequest request) {
        return SitesGrpc.newBlockingStub(channel).register(request);
    }

    static RegisterStorageRequest.Builder registration(Mode mode, String policy) {
        return RegisterStorageRequest.newBuilder()
                .setIdentity("folder:/srv/pictrs")
                .setMode(mode)
                .setPolicyText(policy)
                .setBundleManifest(BundleManifest.newBuilder()
                        .setName("stand-in")
                        .setViewSize(224)
                        .setPreprocessingVersion(1)
                        .addAllConcepts(List.of("lighthouse", "snow", "night", "drawing"))
                        .build()
                        .toByteString());
    }

    /// The last entry of the ledger.
    LedgerBody lastOfLedger() {
        List<LedgerMessage> messages = new ArrayList<>();
        LedgerGrpc.newBlockingStub(channel)
                .export(ExportLedgerRequest.getDefaultInstance())
                .forEachRemaining(messages::add);
        try {
            return LedgerBody.parseFrom(
                    messages.get(messages.size() - 2).getEntry().getBody());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    StorageId registered(Mode mode) {
        return new StorageId(register(mode, Policy.standInText()).getStorageId());
    }

    long checkpointSize() {
        return LedgerGrpc.newBlockingStub(channel)
                .checkpoint(CheckpointRequest.getDefaultInstance())
                .getSize();
    }

    void record(StorageId storage, Action mode, Rulings rulings) {
        record(storage, Digest.of(ByteString.EMPTY), mode, rulings);
    }

    void record(StorageId storage, Digest epoch, Action mode, Rulings rulings) {
        RulingContext context = new RulingContext(
                storage,
                new ListingId(storage.value()),
                new ShardId(1),
                epoch,
                new Enforcement(mode, RemovalFixture.WIDE),
                0,
                NOW);
        database.useTransaction(handle -> findings.record(handle, context, rulings));
    }

    List<Finding> list(boolean inconclusive) {
        return FindingsGrpc.newBlockingStub(channel)
                .list(ListFindingsRequest.newBuilder()
                        .setInconclusive(inconclusive)
                        .build())
                .getFindingsList();
    }

    EnforceResponse enforce(RemovalAction action) {
        return FindingsGrpc.newBlockingStub(channel)
                .enforce(EnforceRequest.newBuilder()
                        .setAction(action)
                        .setAuthorisedBy("alice")
                        .build());
    }

    List<Sealed> pull(StorageId storage) {
        return pull(storage, "");
    }

    List<Sealed> pull(StorageId storage, String identity) {
        return RemovalsGrpc.newBlockingStub(channel)
                .pull(PullOrdersRequest.newBuilder()
                        .setStorageId(storage.value())
                        .setIdentity(identity)
                        .setLimit(256)
                        .setWait(Span.newBuilder()
                                .setMilliseconds(Duration.ofSeconds(2).toMillis()))
                        .build())
                .getOrdersList();
    }

    void acknowledge(List<Sealed> orders, Outcome outcome) {
        RemovalsGrpc.newBlockingStub(channel)
                .acknowledge(AcknowledgeRequest.newBuilder()
                        .addAllReceipts(orders.stream()
                                .map(order ->
                                        crawlerKey.seal(SealKind.RECEIPT, RemovalFixture.statement(order, outcome, "")))
                                .toList())
                        .build());
    }

    /// Another caller, of a site that has nothing yet.
    void becomeStranger() {
        site = database.transaction(handle -> sites.site(handle, "stranger " + NUMBER.incrementAndGet(), NOW))
                .id();
    }

    static Status.Code code(Runnable call) {
        return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
    }

    /// Serves the storages of the present site.
    private final class Crawler implements CrawlerAccess {
        @Override
        public VerifyingKey callerKey() {
            return crawlerKey.verifyingKey();
        }

        @Override
        public Optional<String> callerServes(StorageId storage) {
            return database.transaction(handle -> sites.storage(handle, storage))
                    .filter(one -> one.site().equals(site))
                    .map(Storage::identity);
        }
    }

    private final class Admin implements AdministratorAccess {
        @Override
        public Map<StorageId, String> callerStorages(Handle handle) {
            return sites.storages(handle, site).stream().collect(Collectors.toMap(Storage::id, Storage::identity));
        }

        @Override
        public Optional<ModeTerms> callerTerms(StorageId storage) {
            return storages.find(storage)
                    .filter(live -> live.storage().site().equals(site))
                    .map(LiveStorage::terms)
                    .map(terms -> new ModeTerms(
                            terms.epoch(),
                            new Enforcement(
                                    terms.mode().strongest(),
                                    terms.policy().policy().fuses()),
                            terms.policy().policy(),
                            true));
        }

        @Override
        public String callerName() {
            return "the administrator";
        }
    }
}
