package org.picket.agent.session;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.picket.agent.intake.Batcher;
import org.picket.agent.intake.Inflow;
import org.picket.agent.intake.Scorer;
import org.picket.agent.intake.Throughput;
import org.picket.agent.intake.ViewIntake;
import org.picket.agent.intake.ViewRoutes;
import org.picket.agent.report.Outflow;
import org.picket.agent.report.Reporter;
import org.picket.agent.report.Signer;
import org.picket.agent.status.AgentStatus;
import org.picket.agent.status.Tally;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.LeasesGrpc.LeasesBlockingStub;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.Ticker;
import org.picket.runtime.time.TimeSource;

/// An agent's pipeline from lease to verdict, running from its making until it is closed.
public final class Work implements AutoCloseable {
    private final Map<ByteString, Batcher> batchers = new ConcurrentHashMap<>();
    private final Peers peers;
    private final List<LeasesBlockingStub> leases;
    private final Attempts attempts;
    private final AgentSettings settings;
    private final TimeSource time;
    private final Ticker ticker;
    private final LeaseLoop loop;
    private final Throughput throughput = new Throughput();
    private final Tally tally = new Tally();
    private final Inflow inflow;
    private final Outflow outflow;

    /// Where an agent works: at one coordinator, or at each of several of one collective. A lease is kept by
    /// the one that granted it.
    ///
    /// @param desks at least one
    public record Peers(List<Desk> desks) {
        public Peers {
            desks = List.copyOf(desks);
        }

        /// At one coordinator.
        public Peers(Channel coordinator, ViewRoutes views) {
            this(List.of(new Desk(coordinator, views)));
        }

        /// Where another coordinator may go on, nobody waits long for one.
        private Attempts patience(Attempts usual) {
            return desks.size() > 1 ? Attempts.BRIEF : usual;
        }
    }

    /// A coordinator.
    ///
    /// @param coordinator a channel to it, and to no other, with this agent's session
    /// @param views where those of each of its leases are
    public record Desk(Channel coordinator, ViewRoutes views) {}

    /// A bundle that the agent runs.
    ///
    /// @param scorer whose golden views have been checked; stays the caller's to close
    /// @param signer tells the scorer's provider class
    public record Station(LeaseLoop.Skill skill, Scorer scorer, Signer signer) {}

    /// Begins to acquire leases for one bundle.
    ///
    /// @param scorer whose golden views have been checked; stays the caller's to close
    public Work(
            Peers peers,
            LeaseLoop.Skill skill,
            Scorer scorer,
            Signer signer,
            Attempts attempts,
            AgentSettings settings,
            TimeSource time) {
        this(peers, List.of(new Station(skill, scorer, signer)), attempts, settings, time);
    }

    /// Begins to acquire leases. Views of leases are scored together where they are for the same bundle.
    ///
    /// @param stations one for each bundle; others may follow by [#add]
    public Work(Peers peers, List<Station> stations, Attempts attempts, AgentSettings settings, TimeSource time) {
        this(peers, stations, attempts, settings, time, Ticker.system());
    }

    /// @param ticker paces what comes in and goes out
    Work(
            Peers peers,
            List<Station> stations,
            Attempts attempts,
            AgentSettings settings,
            TimeSource time,
            Ticker ticker) {
        this.peers = peers;
        this.attempts = attempts;
        this.settings = settings;
        this.time = time;
        this.ticker = ticker;
        inflow = new Inflow(settings.limits().bytesPerSecond());
        outflow = new Outflow(settings.limits().bytesUpPerSecond());
        leases = peers.desks().stream()
                .map(desk -> LeasesGrpc.newBlockingStub(desk.coordinator()))
                .toList();
        List<Line> lines = stations.stream().map(this::line).toList();
        loop = new LeaseLoop(new LeaseLoop.Desks(leases, time, inflow, outflow, ticker), lines, settings, throughput);
    }

    private Line line(Station station) {
        int capacity = settings.window() * (settings.receiving() + settings.unanswered());
        Batcher batcher = new Batcher(station.scorer(), settings.batchWait(), capacity, throughput);
        batchers.put(station.skill().bundleDigest(), batcher);
        List<LeaseRun.Means> means = new ArrayList<>();
        for (int i = 0; i < leases.size(); i++) {
            means.add(new LeaseRun.Means(
                    new ViewIntake(
                            peers.desks().get(i).views(),
                            batcher,
                            time,
                            inflow.window(
                                    settings.window(),
                                    settings.receiving(),
                                    station.skill().viewBytes()),
                            inflow,
                            ticker),
                    station.signer(),
                    new Reporter(leases.get(i), peers.patience(attempts), outflow, ticker),
                    leases.get(i),
                    tally,
                    settings.firstLook(),
                    time));
        }
        return new Line(station.skill(), means);
    }

    /// Takes leases of one more bundle.
    public void add(Station station) {
        loop.add(line(station));
    }

    /// Takes no more leases of a bundle; its scorer is used no more.
    ///
    /// @return false where some are under way: then it goes on
    public boolean remove(ByteString bundle) {
        if (!loop.remove(bundle)) {
            return false;
        }
        Optional.ofNullable(batchers.remove(bundle)).ifPresent(Batcher::close);
        return true;
    }

    /// Whether the last lease that was asked for was refused for want of a bundle.
    public boolean lacking() {
        return loop.lacking();
    }

    /// So many bytes came in that are no views.
    ///
    /// @return how long until more may come, by the operator's bound
    public Duration came(int length) {
        inflow.besides(length, ticker.nanos());
        return inflow.left(ticker.nanos());
    }

    /// Why nothing may be fetched just now, by the operator's word.
    public Optional<String> held(Instant now) {
        return settings.limits().leave().refusal(now);
    }

    /// How it stands.
    ///
    /// @param engine what scores
    public AgentStatus status(AgentStatus.EngineStatus engine) {
        return new AgentStatus(
                new AgentStatus.Flow(
                        throughput.perSecond(),
                        throughput.views(),
                        new AgentStatus.Bytes(inflow.perSecond(ticker.nanos()), inflow.bytes()),
                        new AgentStatus.Bytes(outflow.perSecond(ticker.nanos()), outflow.bytes())),
                tally.counts(),
                loop.running(),
                loop.idle(),
                engine,
                peers.desks().stream()
                        .flatMap(desk -> desk.views().downgrades(time.now()).stream())
                        .distinct()
                        .toList());
    }

    /// Whether no lease is under way, and none is asked for.
    public boolean resting() {
        return loop.resting();
    }

    /// Says what this agent has to tell.
    ///
    /// @param agent tells it from the others of its process
    public void meters(Meters meters, Label agent) {
        meters.counter("picket_agent_views_total", "Views that were scored.", throughput::views, agent);
        meters.counter("picket_agent_view_bytes_total", "Bytes of views that came in.", inflow::bytes, agent);
        meters.counter("picket_agent_batches_total", "Batches that were scored.", throughput::batches, agent);
        meters.counter(
                "picket_agent_inference_seconds_total",
                "Time that batches took to be scored.",
                throughput::busySeconds,
                agent);
        meters.gauge("picket_agent_views_per_second", "Views scored a second, of late.", throughput::perSecond, agent);
        meters.gauge(
                "picket_agent_leases", "Leases under way.", () -> loop.running().size(), agent);
        meters.gauge(
                "picket_agent_outbox_leases",
                "Leases whose views have all come and whose verdict is not answered yet.",
                loop::unanswered,
                agent);
        for (Tally.Event event : Tally.Event.values()) {
            meters.counter(
                    "picket_agent_events_total",
                    "What became of leases and verdicts.",
                    () -> tally.count(event),
                    agent,
                    Label.of("event", event));
        }
    }

    /// Finishes the leases under way, or gives them back.
    @Override
    public void close() {
        loop.close();
        batchers.values().forEach(Batcher::close);
    }
}
