package org.picket.cli;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.picket.agent.Agent;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.intake.ChosenRoutes;
import org.picket.agent.intake.DirectRoutes;
import org.picket.agent.session.AgentLimits;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.Work;
import org.picket.agent.session.WorkHours;
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
        private static final int BATCH = 32;
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
                description = "bundle; default: the stand-in, which is NO detector")
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
                description = "bytes of views that it takes in within a second, on average, say 2MB; default: no bound")
        private void bandwidth(String value) {
            common.give(Keys.AGENT_DOWN, value);
        }

        @Override
        public Integer call() throws InterruptedException {
            Configuration configuration = common.configuration();
            return RoleProcess.run("the agent", (parts, interruption) -> {
                work(configuration, parts, interruption);
                return Exit.COMPLETE;
            });
        }

        private static void work(Configuration configuration, Lifecycle process, Interruption interruption)
                throws InterruptedException {
            Meters meters = Watching.start(configuration, process);
            Setting setting = Setting.of(configuration);
            List<Bundle> bundles = Means.bundles(setting);
            process.start(
                    "lock", MEMBER_ENDS_WITHIN, () -> MemberLock.take(setting.data(), "agent"), MemberLock::close);
            RemoteMember member = process.start(
                    "membership",
                    MEMBER_ENDS_WITHIN,
                    () -> new MemberFile(setting.data(), Role.AGENT).start(setting.coordinators()),
                    RemoteMember::close);
            if (!Patience.untilCertified(member, () -> !interruption.came())) {
                return;
            }
            Work.Peers peers = peers(setting, member, process);
            AgentWish wish = new AgentWish(setting.data());
            wish.read().filter(AgentWish.Wish.DRAIN::equals).ifPresent(_ -> wish.want(Optional.empty()));
            AgentLeave leave = new AgentLeave(hours(configuration), ZoneId.systemDefault());
            leave.wanted(wish.read());
            OptionalLong bound =
                    configuration.get(Keys.AGENT_DOWN).map(OptionalLong::of).orElse(OptionalLong.empty());
            AgentLimits limits = new AgentLimits(leave, bound);
            Agent agent = process.start(
                    "agent", Agent.ENDS_WITHIN, () -> start(setting, member, peers, bundles, limits), Agent::close);
            agent.meters(meters, 1);
            process.ready();
            System.out.println("Agent " + member.record().member().value() + " works for the coordinator at "
                    + member.record().coordinators() + ".");
            System.err.println(
                    "picket: its key is " + member.key().verifyingKey().id() + ", as the circles of sites can name it");
            new AgentWatch(agent, member, leave, wish, bound).watch(interruption);
        }

        private static WorkHours hours(Configuration configuration) {
            return new WorkHours(
                    configuration.get(Keys.AGENT_HOURS),
                    configuration.get(Keys.AGENT_DAYS).orElse(WorkHours.ALWAYS.days()));
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
                Setting setting, RemoteMember member, Work.Peers peers, List<Bundle> bundles, AgentLimits limits) {
            return switch (Agent.start(
                    peers,
                    member.key(),
                    bundles,
                    new EngineSettings(
                            setting.provider(), BATCH, Runtime.getRuntime().availableProcessors()),
                    AgentSettings.DEFAULT.with(limits),
                    TimeSource.system())) {
                case Agent.Start.Started started -> started.agent();
                case Agent.Start.Refused refused -> throw new UsageFault(refused.inWords());
            };
        }
    }
}
