package org.picket.cli;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.picket.coordinator.Coordinator;
import org.picket.coordinator.CoordinatorProcess;
import org.picket.coordinator.CoordinatorSettings;
import org.picket.coordinator.artifact.ArtifactSettings;
import org.picket.coordinator.authority.Authority;
import org.picket.coordinator.authority.CollectiveKeys;
import org.picket.coordinator.authority.CoordinatorCredentials;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.lease.LeaseSettings;
import org.picket.coordinator.relay.RelaySettings;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Role;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.identity.InviteCode;
import org.picket.runtime.identity.Party;
import org.picket.runtime.identity.Tls;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.CallMeter;
import org.picket.runtime.telemetry.Meters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs the coordinator of a collective.
@Command(
        name = "coordinator",
        description = "runs the coordinator of a collective, for members on other machines, until it is interrupted")
final class CoordinatorCommand implements Callable<Integer> {
    /// As it names itself to a database of its own.
    private static final String NAME = "coordinator";

    private static final String STEWARD = "the coordinator's steward";
    private static final Address USUAL = new Address("127.0.0.1", 7443);
    private static final Duration FINISHES_WITHIN = Coordinator.FINISHES_WITHIN.plusSeconds(5);
    private static final Duration INVITE_LIFE = Duration.ofMinutes(5);

    @Mixin
    private CommonOptions common;

    @Mixin
    private MetricsOption metrics;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "where to listen; default: 127.0.0.1:7443")
    private void listen(String value) {
        common.give(Keys.COORDINATOR_LISTEN, value);
    }

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            description = "where members reach it, as invites say; default: where it listens")
    private void address(String value) {
        common.give(Keys.COORDINATOR_ADDRESS, value);
    }

    @Option(
            names = "--artifacts",
            paramLabel = "DIR",
            description =
                    "folder of bundles and provider packs for agents, and of policies for crawlers; default: none")
    private void artifacts(String value) {
        common.give(Keys.ARTIFACTS, value);
    }

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = common.configuration();
        Address listen = configuration.get(Keys.COORDINATOR_LISTEN).orElse(USUAL);
        Optional<Address> told = configuration.get(Keys.COORDINATOR_ADDRESS);
        if (told.isEmpty() && everywhere(listen)) {
            throw new UsageFault(
                    "members cannot reach " + listen + "; say by --address HOST:PORT what invites are to name");
        }
        CompletableFuture<Boolean> replaced = new CompletableFuture<>();
        return RoleProcess.run("the coordinator", () -> replaced.complete(false), (parts, _) -> {
            Address reached = start(configuration, listen, told, parts, () -> replaced.complete(true));
            parts.ready();
            if (replaced.join()) {
                throw new UsageFault("another coordinator was started on this database as " + reached
                        + ": that one goes on, and this one has stopped. If it is not this one's successor, give each"
                        + " an --address of its own and start this one again");
            }
            return Exit.COMPLETE;
        });
    }

    static boolean everywhere(Address listen) {
        return listen.socket().getAddress() != null
                && listen.socket().getAddress().isAnyLocalAddress();
    }

    /// @param replaced told once another process of this coordinator's name has begun
    /// @return where members reach it
    private static Address start(
            Configuration configuration, Address listen, Optional<Address> told, Lifecycle parts, Runnable replaced) {
        Setting setting = Setting.of(configuration);
        Meters meters = Watching.start(configuration, parts);
        Solo.ownerOnly(setting.data());
        SecureRandom random = new SecureRandom();
        Database database =
                parts.start("database", Database.ENDS_WITHIN, () -> Database.open(setting.database()), Database::close);
        Path folder = setting.data().resolve("keys");
        CollectiveKeys keys = new CollectiveKeys(database);
        SigningKey key = CollectiveKeyFile.open(folder, "coordinator", keys);
        Authority authority = new Authority(CollectiveKeyFile.open(folder, "authority", keys), random);
        CompletableFuture<Address> address = new CompletableFuture<>();
        told.ifPresent(address::complete);
        CoordinatorProcess coordinator = parts.start(
                "coordinator",
                Coordinator.ENDS_WITHIN,
                () -> new CoordinatorProcess(
                        database,
                        key,
                        settings(configuration, setting, told.orElse(listen)),
                        Optional.of(new CoordinatorProcess.Network(authority, address::join))),
                CoordinatorProcess::close);
        coordinator.meters(meters);
        CoordinatorCredentials credentials = new CoordinatorCredentials(
                authority,
                SigningKey.generate(random),
                List.of(told.orElse(listen).host()),
                database.clock());
        List<ServerServiceDefinition> services = coordinator.services().stream()
                .map(BindableService::bindService)
                .toList();
        List<ServerInterceptor> interceptors = CallMeter.before(meters, coordinator.interceptors());
        ServedDoors doors = parts.start(
                "services",
                Servers.ENDS_WITHIN,
                () -> new ServedDoors(
                        listen.socket(),
                        at -> Servers.secure(
                                at,
                                new Tls(authority.id(), database.clock())
                                        .server(credentials, party -> party.kind() != Party.Kind.COORDINATOR),
                                ChannelSettings.DEFAULT,
                                services,
                                interceptors),
                        coordinator::sendOn),
                ServedDoors::end);
        Address open = listen.withPort(doors.port());
        address.complete(open);
        coordinator.reachedAt(address.join());
        steward(setting, new InviteCode(near(open), authority.id(), invite(coordinator)));
        System.out.println("The coordinator listens at " + open + "; invites name " + address.join()
                + ". Its authority is " + authority.id() + ".");
        // Stopped first of all.
        parts.start("grants", FINISHES_WITHIN, () -> coordinator, CoordinatorProcess::finish);
        coordinator.watches(doors);
        coordinator.replaced().thenRun(replaced);
        return address.join();
    }

    /// Several coordinators of one database are told apart by where members reach them: each has an address of
    /// its own.
    private static CoordinatorSettings settings(Configuration configuration, Setting setting, Address reached) {
        String name = switch (setting.database()) {
            case DatabaseSettings.Embedded _ -> NAME;
            case DatabaseSettings.External _ when reached.port() == 0 -> reached + " " + UUID.randomUUID();
            case DatabaseSettings.External _ -> reached.toString();
        };
        return CoordinatorSettings.standard(name)
                .with(relay(configuration))
                .with(lease(configuration))
                .with(artifacts(configuration));
    }

    private static LeaseSettings lease(Configuration configuration) {
        LeaseSettings usual = LeaseSettings.STANDARD;
        return configuration.get(Keys.LEASE_TTL).map(usual::with).orElse(usual);
    }

    private static ArtifactSettings artifacts(Configuration configuration) {
        ArtifactSettings usual = ArtifactSettings.NONE;
        ArtifactSettings paced =
                configuration.get(Keys.ARTIFACTS_RATE).map(usual::at).orElse(usual);
        Optional<Path> folder = configuration.get(Keys.ARTIFACTS);
        folder.filter(path -> !Files.isDirectory(path)).ifPresent(absent -> {
            throw new UsageFault(
                    "there is no folder " + absent + " of artifacts to hand out; make it, or leave it out");
        });
        return folder.map(paced::from).orElse(paced);
    }

    private static RelaySettings relay(Configuration configuration) {
        RelaySettings usual = RelaySettings.STANDARD;
        return new RelaySettings(
                configuration.get(Keys.RELAY_STREAMS).orElse(usual.streams()),
                configuration.get(Keys.RELAY_SITE_BYTES).orElse(usual.siteBytes()),
                configuration.get(Keys.RELAY_AGENT_BYTES).orElse(usual.agentBytes()),
                usual.meet(),
                usual.attend());
    }

    /// Where this machine itself reaches what listens there.
    private static Address near(Address open) {
        return everywhere(open) ? new Address(InetAddress.getLoopbackAddress().getHostAddress(), open.port()) : open;
    }

    private static String invite(CoordinatorProcess coordinator) {
        return coordinator.fleet().invite(MemberRole.STEWARD, coordinator.owner(STEWARD), INVITE_LIFE);
    }

    /// Who owns this data folder is the collective's steward.
    private static void steward(Setting setting, InviteCode invite) {
        new MemberFile(setting.data(), Role.STEWARD).join(invite.text(), Solo.person());
    }
}
