package org.picket.cli;

import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.picket.agent.Agent;
import org.picket.coordinator.CoordinatorProcess;
import org.picket.coordinator.CoordinatorSettings;
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
import org.picket.runtime.channel.Servers;
import org.picket.runtime.config.Configuration;

/// Coordinator, crawler and agents of one site in this process, speaking the contract over the in-process
/// transport. What a person asks goes through the same services as between machines.
final class Solo implements AutoCloseable {
    private static final String COORDINATOR = "solo";
    private static final String SITE = "this site";
    private static final long CLOSE_SECONDS = 10;

    private final Setting setting;
    private final Database database;
    private final SigningKey key;
    private final CoordinatorProcess coordinator;
    private final String serverName;
    private final Server server;
    private final OwnerId site;
    private final Membership person;

    private Solo(Setting setting, Database database, SigningKey key) {
        this.setting = setting;
        this.database = database;
        this.key = key;
        this.coordinator = new CoordinatorProcess(database, key, CoordinatorSettings.standard(COORDINATOR));
        this.serverName = "coordinator-" + UUID.randomUUID();
        this.server = Servers.inProcess(
                serverName,
                ChannelSettings.DEFAULT,
                coordinator.services().stream()
                        .map(BindableService::bindService)
                        .toList(),
                coordinator.interceptors());
        try {
            this.site = coordinator.owner(SITE);
            this.person = enrol(MemberRole.ADMINISTRATOR, "administrator", person());
        } catch (RuntimeException e) {
            server.shutdownNow();
            coordinator.close();
            throw e;
        }
    }

    /// Opens what a scan has left behind.
    static Solo existing(Configuration configuration) {
        Setting setting = Setting.of(configuration);
        KeyFile.existing(setting.data().resolve("keys"), "coordinator");
        return open(setting);
    }

    static Solo open(Setting setting) {
        ownerOnly(setting.data());
        Database database = Database.open(setting.database());
        try {
            return new Solo(setting, database, KeyFile.open(setting.data().resolve("keys"), "coordinator"));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static void ownerOnly(Path data) {
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
    Membership enrol(MemberRole role, String keyName, String name) {
        SigningKey memberKey = KeyFile.open(setting.data().resolve("keys"), keyName);
        return Membership.enrol(coordinator.fleet(), site, serverName, role, memberKey, name);
    }

    /// Starts what decodes and loads what infers, both of which take their time and need no database: before
    /// [#open], so that all of it gets ready at once.
    static DecoderPool decoders(Setting setting) {
        ownerOnly(setting.data());
        Thread.ofPlatform().daemon().name("load").start(Agent::load);
        return new DecoderPool(
                DecoderSettings.defaults(setting.data().resolve("natives")).withChildren(setting.decoders()));
    }

    /// Scans one storage to its end, or until the listener says to stop.
    ///
    /// @param decoders as [#decoders] starts them
    /// @param goOn told of progress; false stops
    ScanOutcome scan(String source, Setting asked, ScanMode mode, DecoderPool decoders, Predicate<ScanProgress> goOn) {
        return new ScanRun(this, asked, mode, decoders).scan(source, goOn);
    }

    /// Carries out what persons have ordered and is open, of all storages. Orders of a storage's mode are left
    /// to a scan in that mode.
    ///
    /// @param expected orders that were just written: waited for, one by one
    /// @return the exit status: whether all of them did what they should
    int carryOutOrders(PrintStream out, long expected) {
        int status = Exit.COMPLETE;
        for (Storage storage :
                sites().storages(ListStoragesRequest.getDefaultInstance()).getStoragesList()) {
            if (storage.getOrdersOpen() > 0) {
                status = Math.max(status, new OrderRun(this, setting).carryOut(storage, expected, out));
            }
        }
        checkpoint();
        return status;
    }

    /// Checks the whole ledger.
    int verify(PrintStream out) {
        return LedgerCheck.run(database, key, List.of(), out);
    }

    @Override
    public void close() {
        person.close();
        server.shutdown();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        coordinator.close();
        database.close();
    }
}
