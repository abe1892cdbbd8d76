package org.picket.cli;

import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.picket.agent.Agent;
import org.picket.coordinator.Coordinator;
import org.picket.coordinator.CoordinatorProcess;
import org.picket.coordinator.CoordinatorSettings;
import org.picket.coordinator.authority.CollectiveKeys;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderSettings;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.CheckpointRequest;
import org.picket.proto.v1.CheckpointResponse;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.Storage;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.CallMeter;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// Coordinator, crawler and agents of one site in this process, speaking the contract over the in-process
/// transport. What a person asks goes through the same services as between machines.
final class Solo implements AutoCloseable {
    private static final String COORDINATOR = "solo";
    private static final String SITE = "this site";
    private static final Duration METERS_END_WITHIN = Duration.ofSeconds(2);
    private static final Duration DECODERS_END_WITHIN = Duration.ofSeconds(15);

    private final Setting setting;
    private final Database database;
    private final SigningKey key;
    private final CoordinatorProcess coordinator;
    private final String serverName;
    private final OwnerId site;
    private final Membership person;
    private final Meters meters;
    private final Lifecycle parts;

    private Solo(Setting setting, Lifecycle parts, Meters meters) {
        this.meters = meters;
        this.setting = setting;
        this.parts = parts;
        this.database =
                parts.start("database", Database.ENDS_WITHIN, () -> Database.open(setting.database()), Database::close);
        this.key = CollectiveKeyFile.open(setting.data().resolve("keys"), "coordinator", new CollectiveKeys(database));
        this.coordinator = parts.start(
                "coordinator",
                Coordinator.ENDS_WITHIN,
                () -> new CoordinatorProcess(database, key, CoordinatorSettings.standard(COORDINATOR)),
                CoordinatorProcess::close);
        coordinator.meters(meters);
        this.serverName = "coordinator-" + UUID.randomUUID();
        parts.start("services", Servers.ENDS_WITHIN, this::serve, Servers::end);
        this.site = coordinator.owner(SITE);
        this.person = enrol(parts, MemberRole.ADMINISTRATOR, "administrator", person());
    }

    private Server serve() {
        return Servers.inProcess(
                serverName,
                ChannelSettings.DEFAULT,
                coordinator.services().stream()
                        .map(BindableService::bindService)
                        .toList(),
                CallMeter.before(meters, coordinator.interceptors()));
    }

    /// Opens what a scan has left behind.
    static Solo existing(Configuration configuration) {
        Setting setting = Setting.of(configuration);
        KeyFile.existing(setting.data().resolve("keys"), "coordinator");
        return open(setting);
    }

    static Solo open(Setting setting) {
        ownerOnly(setting.data());
        return Lifecycle.assemble("picket", TimeSource.system(), parts -> new Solo(setting, parts, Meters.none()));
    }

    /// Opens it as parts of a process that has others beside it.
    ///
    /// @param process closed by the caller
    /// @param meters told what there is to tell
    static Solo open(Setting setting, Lifecycle process, Meters meters) {
        ownerOnly(setting.data());
        return new Solo(setting, process, meters);
    }

    static void ownerOnly(Path data) {
        try {
            if (!Files.isDirectory(data)) {
                OwnerOnly.folder(data);
            }
        } catch (IOException e) {
            throw new UsageFault(
                    "the data folder " + data + " cannot be made or used (" + e.getMessage()
                            + "); name another by --data",
                    e);
        }
    }

    /// Who gives orders here: the name of this account.
    static String person() {
        return System.getProperty("user.name", "unknown");
    }

    FindingsGrpc.FindingsBlockingStub findings() {
        return FindingsGrpc.newBlockingStub(person.channel());
    }

    SitesGrpc.SitesBlockingStub sites() {
        return SitesGrpc.newBlockingStub(person.channel());
    }

    HashListsGrpc.HashListsBlockingStub hashLists() {
        return HashListsGrpc.newBlockingStub(person.channel());
    }

    CheckpointResponse checkpoint() {
        return LedgerGrpc.newBlockingStub(person.channel()).checkpoint(CheckpointRequest.getDefaultInstance());
    }

    /// Enrols a member with a key of its own, which stays in the data folder.
    ///
    /// @param with which parts the membership's channel comes and goes
    Membership enrol(Lifecycle with, MemberRole role, String keyName, String name) {
        SigningKey memberKey = KeyFile.open(setting.data().resolve("keys"), keyName);
        return with.start(
                "channel of " + keyName,
                Channels.ENDS_WITHIN,
                () -> Membership.enrol(coordinator.fleet(), site, serverName, role, memberKey, name),
                Membership::end);
    }

    /// Where the parts of a piece of work tell their numbers, as long as it lasts.
    Meters meters(Lifecycle with) {
        return with.start("numbers", METERS_END_WITHIN, meters::within, Meters::close);
    }

    /// Parts for a piece of work, which end before the coordinator does.
    Lifecycle within(String piece) {
        return parts.within(piece);
    }

    /// Starts what decodes and loads what infers, both of which take their time and need no database: before
    /// [#open], so that all of it gets ready at once.
    static DecoderPool decoders(Setting setting, Lifecycle process) {
        ownerOnly(setting.data());
        Thread.ofPlatform().daemon().name("load").start(Agent::load);
        DecoderSettings settings = setting.decoding();
        return process.start("decoders", DECODERS_END_WITHIN, () -> new DecoderPool(settings), DecoderPool::close);
    }

    /// Scans one storage to its end, or until the listener says to stop.
    ///
    /// @param tools its decoders as [#decoders] starts them
    /// @param goOn told of progress; false stops
    ScanOutcome scan(String source, Setting asked, ScanMode mode, ScanRun.Tools tools, Predicate<ScanProgress> goOn) {
        return new ScanRun(this, asked, mode, tools).scan(source, goOn);
    }

    /// Carries out what persons have ordered and is open, of all storages. Orders of a storage's mode are left
    /// to a scan in that mode.
    ///
    /// @param expected orders that are waited for, one by one
    /// @return why some are left, where some are
    Optional<String> carryOutOrders(long expected) {
        Optional<String> left = Optional.empty();
        for (Storage storage :
                sites().storages(ListStoragesRequest.getDefaultInstance()).getStoragesList()) {
            if (storage.getOrdersOpen() > 0) {
                Optional<String> of = new OrderRun(this, setting).carryOut(storage, expected);
                left = left.isPresent() ? left : of;
            }
        }
        checkpoint();
        return left;
    }

    /// Checks the whole ledger.
    int verify(PrintStream out) {
        return LedgerCheck.run(database, key, List.of(), out);
    }

    @Override
    public void close() {
        parts.close();
    }
}
