package org.picket.cli;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.picket.agent.Agent;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.intake.ChosenRoutes;
import org.picket.agent.intake.DirectRoutes;
import org.picket.agent.intake.Inflow;
import org.picket.agent.rollout.BundleStore;
import org.picket.agent.rollout.Offers;
import org.picket.agent.rollout.Rollout;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.Work;
import org.picket.proto.v1.Role;
import org.picket.runtime.config.Configuration;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.relay.Introduction;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// An agent of a collective, on a machine of its own.
@Command(
        name = "agent",
        description = "an agent of a collective: join once, then run",
        subcommands = {
            JoinCommand.class,
            AgentCommand.Run.class,
            AgentDoctor.class,
            AgentWish.Pause.class,
            AgentWish.Resume.class,
            AgentWish.Drain.class
        })
final class AgentCommand implements JoinCommand.Member {
    private AgentCommand() {}

    @Override
    public Role role() {
        return Role.AGENT;
    }

    /// Works until it is interrupted.
    @Command(name = "run", description = "takes leases and reports verdicts, until it is interrupted")
    static final class Run implements Callable<Integer> {
        private static final String BUNDLES = "bundles";
        private static final long BUNDLE_SPACE = 8_000_000_000L;
        private static final Duration MEMBER_ENDS_WITHIN = Duration.ofSeconds(5);

        @Mixin
        private CommonOptions common;

        @Mixin
        private ProviderOption provider;

        @Mixin
        private MetricsOption metrics;

        @Mixin
        private CoordinatorsOption coordinators;

        @Option(
                names = "--bundle",
                paramLabel = "FILE",
                description = "a bundle of one's own; default: what the coordinator wants, fetched from it, or the"
                        + " built-in stand-in, which is NO detector")
        private void bundle(String value) {
            common.give(Keys.BUNDLE, value);
        }

        @Option(
                names = "--further-bundle",
                paramLabel = "FILE",
                description = "another bundle that this agent can run; may be given several times")
        private void furtherBundles(List<String> values) {
            common.giveFiles(Keys.FURTHER_BUNDLES, values);
        }

        @Option(
                names = "--hours",
                paramLabel = "FROM-TO",
                description = "when it takes leases, by this machine's clock, say 22:00-07:00; default: always")
        private void hours(String value) {
            common.give(Keys.AGENT_HOURS, value);
        }

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                description = "on which days its hours begin, say mon-fri or sat,sun; default: every day")
        private void days(String value) {
            common.give(Keys.AGENT_DAYS, value);
        }

        @Option(
                names = "--bandwidth-down",
                paramLabel = "RATE",
                description =
                        "bytes of views, bundles and natives that it takes in within a second, on average, say 2MB; default: no"
                                + " bound")
        private void bandwidth(String value) {
            common.give(Keys.AGENT_DOWN, value);
        }

        @Option(
                names = "--bandwidth-up",
                paramLabel = "RATE",
                description =
                        "bytes of verdicts that it sends within a second, on average, say 50kB; default: no bound")
        private void bandwidthUp(String value) {
            common.give(Keys.AGENT_UP, value);
        }

        @Option(
                names = "--gpu-memory",
                paramLabel = "BYTES",
                description = "memory of the graphics card that it may compute with, say 4GB; default: no bound")
        private void gpuMemory(String value) {
            common.give(Keys.AGENT_GPU_MEMORY, value);
        }

        @Option(
                names = "--gpu-busy",
                paramLabel = "PERCENT",
                description = "it takes no lease while others use more of the graphics card; default: it does not look")
        private void gpuBusy(String value) {
            common.give(Keys.AGENT_GPU_BUSY, value);
        }

        @Option(
                names = "--provider-pack",
                paramLabel = "FILE",
                description = "native libraries of ONNX Runtime for this machine, as the project's build packs them;"
                        + " default: the program's own, or from the coordinator")
        private void providerPack(String value) {
            common.give(Keys.PROVIDER_PACK, value);
        }

        @Option(
                names = "--yes",
                description = "agrees to what has to be fetched, however large; it is told all the same")
        private boolean yes;

        @Override
        public Integer call() throws InterruptedException {
            Configuration configuration = common.configuration();
            return RoleProcess.run("the agent", (parts, interruption) -> {
                work(configuration, yes, parts, interruption);
                return Exit.COMPLETE;
            });
        }

        private static void work(Configuration configuration, boolean yes, Lifecycle process, Interruption interruption)
                throws InterruptedException {
            Meters meters = Watching.start(configuration, process);
            Setting setting = Setting.of(configuration);
            process.start(
                    "lock", MEMBER_ENDS_WITHIN, () -> MemberLock.take(setting.data(), "agent"), MemberLock::close);
            List<Bundle> own = Stream.concat(setting.bundles().first().stream(), setting.bundles().further().stream())
                    .map(BundleCommand::open)
                    .toList();
            RemoteMember member = process.start(
                    "membership",
                    MEMBER_ENDS_WITHIN,
                    () -> new MemberFile(setting.data(), Role.AGENT).start(setting.coordinators(), meters),
                    RemoteMember::close);
            if (!Patience.untilCertified(member, () -> !interruption.came())) {
                return;
            }
            AgentWish wish = new AgentWish(setting.data());
            if (wish.drains()) {
                wish.want(Optional.empty());
            }
            AgentBounds bounds = AgentBounds.of(configuration);
            AgentLeave leave = AgentBounds.leave(configuration);
            PackShelf packs = PackShelf.of(
                    member,
                    new EarlyAllowance(leave, wish, new Inflow(bounds.down()), System::nanoTime),
                    longest -> interruption.came(longest) || wish.drains());
            Natives natives =
                    new Natives(setting.data(), setting.provider(), yes, Natives.Machine.here(setting.provider()));
            List<String> lacks;
            try {
                lacks = natives.ready(configuration.get(Keys.PROVIDER_PACK), packs);
            } catch (PackShelf.Unwanted _) {
                return;
            }
            Work.Peers peers = peers(setting, member, process);
            leave.wanted(wish.read());
            Agent agent = process.start(
                    "agent", Agent.ENDS_WITHIN, () -> start(setting, member, peers, own, bounds, leave), Agent::close);
            if (own.isEmpty()) {
                agent.follow(rollout(configuration, setting, member), TimeSource.system());
            }
            agent.meters(meters, 1);
            process.ready();
            System.out.println("Agent " + member.record().member().value() + " works for the coordinator at "
                    + member.record().coordinators() + ".");
            System.err.println(
                    "picket: its key is " + member.key().verifyingKey().id() + ", as the circles of sites can name it");
            new AgentWatch(agent, member, leave, wish, bounds, lacks).watch(interruption);
        }

        /// How it comes by what the coordinator wants.
        private static Rollout.Means rollout(Configuration configuration, Setting setting, RemoteMember member) {
            Path folder = setting.data().resolve(BUNDLES);
            try {
                OwnerOnly.folder(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the folder for bundles " + folder + " cannot be made: " + e.getMessage(), e);
            }
            return new Rollout.Means(
                    List.copyOf(member.each()),
                    new Offers(member.record().coordinatorKey()),
                    new BundleStore(
                            folder, configuration.get(Keys.AGENT_BUNDLE_SPACE).orElse(BUNDLE_SPACE)),
                    List.of(Means.builtIn()),
                    AgentWatch::tell);
        }

        /// Each coordinator, and the ways to the views of its leases.
        private static Work.Peers peers(Setting setting, RemoteMember member, Lifecycle process) {
            DirectRoutes direct = process.start(
                    "views",
                    MEMBER_ENDS_WITHIN,
                    () -> new DirectRoutes(member.tls(), member::credentials),
                    DirectRoutes::close);
            List<ManagedChannel> relays = process.start(
                    "relay",
                    MEMBER_ENDS_WITHIN,
                    member::anotherEach,
                    channels -> channels.forEach(ManagedChannel::shutdownNow));
            Introduction introduction = new MemberFile(setting.data(), Role.AGENT).introduction(member);
            List<Work.Desk> desks = new ArrayList<>();
            for (int i = 0; i < relays.size(); i++) {
                desks.add(new Work.Desk(
                        member.each().get(i),
                        new ChosenRoutes(direct, relays.get(i), introduction, TimeSource.system())));
            }
            return new Work.Peers(desks);
        }

        private static Agent start(
                Setting setting,
                RemoteMember member,
                Work.Peers peers,
                List<Bundle> bundles,
                AgentBounds bounds,
                AgentLeave leave) {
            return switch (Agent.start(
                    peers,
                    member.key(),
                    bundles,
                    bounds.engine(setting.provider()),
                    AgentSettings.DEFAULT.with(bounds.limits(leave)),
                    TimeSource.system())) {
                case Agent.Start.Started started -> started.agent();
                case Agent.Start.Refused refused -> throw new UsageFault(refused.inWords());
            };
        }
    }
}
