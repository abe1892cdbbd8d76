package org.picket.cli;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.picket.agent.Agent;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.Work;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.crawler.Crawler;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.CallMeter;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// The agents of this process, with the server where the crawler hands them views.
final class Crew {
    private static final int BATCH = 32;

    private final ManagedChannel toViews;
    private final List<Agent> agents = new ArrayList<>();

    private Crew(Lifecycle parts, Crawler crawler, Meters meters) {
        String name = "views-" + UUID.randomUUID();
        parts.start(
                "views",
                Servers.ENDS_WITHIN,
                () -> Servers.inProcess(
                        name, ChannelSettings.DEFAULT, List.of(crawler.views()), CallMeter.before(meters, List.of())),
                Server::shutdownNow);
        toViews = parts.start(
                "channel to the views",
                Channels.ENDS_WITHIN,
                () -> Channels.inProcess(name, ChannelSettings.DEFAULT, List.of()),
                ManagedChannel::shutdownNow);
    }

    /// Starts the agents that a setting asks for; each checks the golden views of its bundles first.
    ///
    /// @param parts with which the agents come and go
    /// @param meters told what there is to tell
    static Crew start(
            Lifecycle parts, Meters meters, Solo solo, Setting setting, Crawler crawler, List<Bundle> bundles) {
        Crew crew = new Crew(parts, crawler, meters);
        for (int number = 1; number <= setting.agents(); number++) {
            String name = "agent-" + number;
            Membership membership = solo.enrol(parts, MemberRole.AGENT, name, "agent " + number);
            Agent agent =
                    parts.start(name, Agent.ENDS_WITHIN, () -> crew.agent(membership, setting, bundles), Agent::close);
            agent.meters(meters, number);
            crew.agents.add(agent);
        }
        return crew;
    }

    private Agent agent(Membership membership, Setting setting, List<Bundle> bundles) {
        // The decoders need the cores as much as inference does: one thread an agent, and more agents by --agents.
        EngineSettings engine = new EngineSettings(setting.provider(), BATCH, 1);
        return switch (Agent.start(
                new Work.Peers(membership.channel(), ViewRoutes.within(toViews)),
                membership.key(),
                bundles,
                engine,
                AgentSettings.DEFAULT,
                TimeSource.system())) {
            case Agent.Start.Started started -> started.agent();
            case Agent.Start.Refused refused -> throw new UsageFault(refused.inWords());
        };
    }

    /// What agents would have liked to use and could not, in words.
    List<String> downgrades() {
        return agents.stream()
                .flatMap(agent -> agent.status().downgrades().stream())
                .distinct()
                .toList();
    }
}
