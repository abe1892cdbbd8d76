package org.picket.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.DeviceMemory;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.Engines;
import org.picket.agent.inference.Provider;
import org.picket.agent.intake.Scorer;
import org.picket.agent.report.Signer;
import org.picket.agent.rollout.Rollout;
import org.picket.agent.rollout.Runner;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.LeaseLoop;
import org.picket.agent.session.Work;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.BundleNeeds;
import org.picket.runtime.Version;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// One agent: the engines of its bundles, whose golden views agree, at work for one coordinator. Bundles may
/// come and go while it works.
public final class Agent implements Runner, AutoCloseable {
    /// The longest that [#close] takes: leases may finish, and are given back where they take too long.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(180);

    /// Bundles that run at once where they share a bound of the graphics card's memory.
    private static final int MOST_SHARING = 4;

    private static final Duration WORK_ENDS_WITHIN = Duration.ofSeconds(125);
    private static final Duration ENGINES_END_WITHIN = Duration.ofSeconds(30);
    private static final Duration ROLLOUT_ENDS_WITHIN = Duration.ofSeconds(10);

    private final SigningKey key;
    private final EngineSettings engineSettings;
    private final Engines engines;
    private final Lifecycle parts;
    private Work work;
    private volatile Optional<Rollout> rollout = Optional.empty();

    private Agent(SigningKey key, EngineSettings engineSettings, Engines engines, Lifecycle parts) {
        this.key = key;
        this.engineSettings = engineSettings;
        this.engines = engines;
        this.parts = parts;
    }

    /// What came of starting an agent.
    public sealed interface Start {
        /// It works.
        record Started(Agent agent) implements Start {}

        /// It must not, or cannot.
        ///
        /// @param inWords what happened and what to do
        record Refused(String inWords) implements Start {}
    }

    /// Loads the bundles, checks the golden views of each, and only then begins to acquire leases.
    ///
    /// @param peers where it works
    /// @param key signs its verdicts
    /// @param bundles where one cannot be run, none is; without any it takes no leases before [#follow] has
    /// brought one
    public static Start start(
            Work.Peers peers,
            SigningKey key,
            List<Bundle> bundles,
            EngineSettings engineSettings,
            AgentSettings settings,
            TimeSource time) {
        return Lifecycle.assemble("agent", time, parts -> {
            Engines engines = parts.start("engines", ENGINES_END_WITHIN, Engines::new, Engines::close);
            int engineCount = bundles.isEmpty() ? MOST_SHARING : bundles.size();
            Agent agent = new Agent(key, engineSettings.sharedBy(engineCount), engines, parts);
            List<Work.Station> stations = new ArrayList<>();
            for (Bundle bundle : bundles) {
                switch (engines.add(bundle, agent.engineSettings)) {
                    case EngineStart.Refused refused -> {
                        parts.close();
                        return new Start.Refused(refused.inWords());
                    }
                    case EngineStart.Started started -> stations.add(agent.station(bundle, started.engine()));
                }
            }
            agent.work = parts.start(
                    "work",
                    WORK_ENDS_WITHIN,
                    () -> new Work(peers, stations, Attempts.PATIENT, settings, time),
                    Work::close);
            return new Start.Started(agent);
        });
    }

    /// From now on it also runs what its coordinator wants.
    public void follow(Rollout.Means means, TimeSource time) {
        rollout = Optional.of(
                parts.start("rollout", ROLLOUT_ENDS_WITHIN, () -> new Rollout(means, this, time), Rollout::close));
    }

    private Work.Station station(Bundle bundle, Engine engine) {
        return new Work.Station(
                skill(bundle, engine, engineSettings),
                Scorer.of(engine),
                new Signer(key, engine.providerClass(), Version.PICKET));
    }

    @Override
    public Set<ByteString> running() {
        return engines.bundles();
    }

    @Override
    public Optional<String> take(Bundle bundle) {
        return switch (engines.addFitting(bundle, engineSettings)) {
            case EngineStart.Refused refused -> Optional.of(refused.inWords());
            case EngineStart.Started started -> {
                work.add(station(bundle, started.engine()));
                yield Optional.empty();
            }
        };
    }

    @Override
    public boolean letGo(ByteString digest) {
        if (!work.remove(digest)) {
            return false;
        }
        engines.end(digest);
        return true;
    }

    @Override
    public int most() {
        return engineSettings.gpuMemory().isPresent() ? MOST_SHARING : Rollout.MOST_RUNNING;
    }

    @Override
    public boolean lacking() {
        return work.lacking();
    }

    @Override
    public Optional<String> unable(BundleNeeds needs) {
        return Engines.lacking(needs, engineSettings);
    }

    @Override
    public Optional<String> held(Instant now) {
        return work.held(now);
    }

    @Override
    public Duration came(int bytes) {
        return work.came(bytes);
    }

    /// Loads the native libraries of inference ahead of the first start, which else does it.
    public static void load() {
        Engine.load();
    }

    private static LeaseLoop.Skill skill(Bundle bundle, Engine engine, EngineSettings settings) {
        return new LeaseLoop.Skill(
                bundle.scoring().bundle().bytes(),
                bundle.scoring().preprocessingDigest().bytes(),
                engine.providerClass(),
                engine.viewBytes(),
                DeviceMemory.of(engine.choice().provider(), settings.gpuMemory())
                        .orElse(0));
    }

    /// How it stands.
    public AgentStatus status() {
        AgentStatus status = work.status(new AgentStatus.EngineStatus(engines.provider(), engines.checks()))
                .downgraded(engines.downgrades())
                .downgraded(rollout.map(Rollout::refused).orElse(List.of()));
        boolean waits = running().isEmpty() || status.idle().isPresent() && lacking();
        return waits ? status.waitingFor(rollout.flatMap(Rollout::standing)) : status;
    }

    /// Whether no lease is under way, and none is asked for.
    public boolean resting() {
        return work.resting();
    }

    /// Says what this agent has to tell.
    ///
    /// @param number tells it from the others of its process
    public void meters(Meters meters, int number) {
        Label agent = Label.of("agent", number);
        for (Provider provider : Provider.values()) {
            meters.gauge(
                    "picket_agent_provider",
                    "1 where the label says what infers the first bundle's scores.",
                    () -> engines.provider().equals(provider.name()) ? 1 : 0,
                    agent,
                    Label.of("provider", provider));
        }
        work.meters(meters, agent);
    }

    /// Finishes the leases under way, or gives them back.
    @Override
    public void close() {
        parts.close();
    }
}
