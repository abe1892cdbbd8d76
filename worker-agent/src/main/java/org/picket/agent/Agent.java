package org.picket.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.agent.intake.Scorer;
import org.picket.agent.report.Signer;
import org.picket.agent.session.AgentSettings;
import org.picket.agent.session.LeaseLoop;
import org.picket.agent.session.Work;
import org.picket.agent.status.AgentStatus;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.Preprocessing;
import org.picket.runtime.Version;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;

/// One agent: the engines of its bundles, whose golden views agree, at work for one coordinator.
public final class Agent implements AutoCloseable {
    /// The longest that [#close] takes: leases may finish, and are given back where they take too long.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(180);

    private static final Duration WORK_ENDS_WITHIN = Duration.ofSeconds(125);
    private static final Duration ENGINE_ENDS_WITHIN = Duration.ofSeconds(10);

    private final List<Engine> engines;
    private final List<String> checks;
    private final Work work;
    private final Lifecycle parts;

    private Agent(List<Engine> engines, List<String> checks, Work work, Lifecycle parts) {
        this.engines = List.copyOf(engines);
        this.checks = List.copyOf(checks);
        this.work = work;
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
    /// @param bundles at least one; where one cannot be run, none is
    public static Start start(
            Work.Peers peers,
            SigningKey key,
            List<Bundle> bundles,
            EngineSettings engineSettings,
            AgentSettings settings,
            TimeSource time) {
        return Lifecycle.assemble("agent", time, parts -> {
            List<Engine> engines = new ArrayList<>();
            List<String> checks = new ArrayList<>();
            List<Work.Station> stations = new ArrayList<>();
            for (Bundle bundle : bundles) {
                Optional<String> refusal = add(parts, bundle, engineSettings, engines, checks);
                if (refusal.isPresent()) {
                    parts.close();
                    return new Start.Refused(refusal.get());
                }
                Engine engine = engines.getLast();
                stations.add(new Work.Station(
                        skill(bundle, engine),
                        Scorer.of(engine),
                        new Signer(key, engine.providerClass(), Version.PICKET)));
            }
            Work work = parts.start(
                    "work",
                    WORK_ENDS_WITHIN,
                    () -> new Work(peers, stations, Attempts.PATIENT, settings, time),
                    Work::close);
            return new Start.Started(new Agent(engines, checks, work, parts));
        });
    }

    /// Adds a bundle's engine.
    ///
    /// @return why it must not, or cannot, be run
    private static Optional<String> add(
            Lifecycle parts, Bundle bundle, EngineSettings settings, List<Engine> engines, List<String> checks) {
        return switch (Engine.start(bundle, settings)) {
            case EngineStart.Refused refused -> Optional.of(refused.inWords());
            case EngineStart.Started started -> {
                Engine engine = parts.start("engine", ENGINE_ENDS_WITHIN, started::engine, Engine::close);
                engines.add(engine);
                GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
                checks.add(bundle.manifest().getName() + ": " + golden.inWords());
                yield golden instanceof GoldenCheck.Result.Passed ? Optional.empty() : Optional.of(golden.inWords());
            }
        };
    }

    /// Loads the native libraries of inference ahead of the first start, which else does it.
    public static void load() {
        Engine.load();
    }

    private static LeaseLoop.Skill skill(Bundle bundle, Engine engine) {
        Digest preprocessing = Digest.of(Preprocessing.newBuilder()
                .setVersion(bundle.manifest().getPreprocessingVersion())
                .setViewSize(bundle.viewSize())
                .build()
                .toByteString());
        return new LeaseLoop.Skill(
                ByteString.copyFrom(bundle.digest()),
                preprocessing.bytes(),
                engine.providerClass(),
                engine.viewBytes());
    }

    /// How it stands.
    public AgentStatus status() {
        return work.status(new AgentStatus.EngineStatus(
                engines.getFirst().choice().provider().name(), checks, downgrades()));
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
        meters.gauge(
                "picket_agent_provider",
                "Always 1; the label says what infers the first bundle's scores.",
                () -> 1,
                agent,
                Label.of("provider", engines.getFirst().choice().provider()));
        work.meters(meters, agent);
    }

    private List<String> downgrades() {
        return engines.stream()
                .flatMap(engine -> engine.choice().reasons().stream())
                .distinct()
                .toList();
    }

    /// Finishes the leases under way, or gives them back.
    @Override
    public void close() {
        parts.close();
    }
}
