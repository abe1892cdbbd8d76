package org.picket.cli;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.picket.agent.Agent;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.Work;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.crawler.Crawler;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;
import org.picket.runtime.time.TimeSource;

/// The agents of this process, with the server where the crawler hands them views.
final class Crew implements AutoCloseable {
    private static final int BATCH = 32;

    private final Server views;
    private final ManagedChannel toViews;
    private final List<Membership> memberships = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();

    private Crew(Crawler crawler) {
        String name = "views-" + UUID.randomUUID();
        views = Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(crawler.views()), List.of());
        toViews = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
    }

    /// Starts the agents that a setting asks for; each checks its bundle's golden views first.
    static Crew start(Solo solo, Setting setting, Crawler crawler, Bundle bundle) {
        Crew crew = new Crew(crawler);
        try {
            for (int number = 1; number <= setting.agents(); number++) {
                crew.add(solo, setting, bundle, number);
            }
            return crew;
        } catch (RuntimeException e) {
            crew.close();
            throw e;
        }
    }

    private void add(Solo solo, Setting setting, Bundle bundle, int number) {
        Membership membership = solo.enrol(MemberRole.AGENT, "agent-" + number, "agent " + number);
        memberships.add(membership);
        // The decoders need the cores as much as inference does: one thread an agent, and more agents by --agents.
        EngineSettings engine = new EngineSettings(setting.provider(), BATCH, 1);
        switch (Agent.start(
                new Work.Peers(membership.channel(), toViews),
                membership.key(),
                bundle,
                engine,
                AgentSettings.DEFAULT,
                TimeSource.system())) {
            case Agent.Start.Started started -> agents.add(started.agent());
            case Agent.Start.Refused refused -> throw new UsageFault(refused.inWords());
        }
    }

    /// What agents would have liked to use and could not, in words.
    List<String> downgrades() {
        return agents.stream()
                .flatMap(agent -> agent.status().downgrades().stream())
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        agents.forEach(Agent::close);
        memberships.forEach(Membership::close);
        toViews.shutdownNow();
        views.shutdownNow();
    }
}
