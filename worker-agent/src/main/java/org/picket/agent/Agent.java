package org.picket.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
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

/// One agent: a bundle's engine, whose golden views agree, at work for one coordinator.
public final class Agent implements AutoCloseable {
    /// The longest that [#close] takes: leases may finish, and are given back where they take too long.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(140);

    private static final Duration WORK_ENDS_WITHIN = Duration.ofSeconds(125);
    private static final Duration ENGINE_ENDS_WITHIN = Duration.ofSeconds(10);

    private final Engine engine;
    private final Work work;
    private final Lifecycle parts;

    private Agent(Engine engine, Work work, Lifecycle parts) {
        this.engine = engine;
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

    /// Loads the bundle, checks its golden views, and begins to acquire leases.
    ///
    /// @param peers where it works
    /// @param key signs its verdicts
    public static Start start(
            Work.Peers peers,
            SigningKey key,
            Bundle bundle,
            EngineSettings engineSettings,
            AgentSettings settings,
            TimeSource time) {
        return switch (Engine.start(bundle, engineSettings)) {
            case EngineStart.Refused refused -> new Start.Refused(refused.inWords());
            case EngineStart.Started started ->
                Lifecycle.assemble("agent", time, parts -> {
                    Engine engine = parts.start("engine", ENGINE_ENDS_WITHIN, started::engine, Engine::close);
                    GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
                    if (!(golden instanceof GoldenCheck.Result.Passed)) {
                        parts.close();
                        return new Start.Refused(golden.inWords());
                    }
                    Signer signer = new Signer(key, engine.providerClass(), Version.PICKET);
                    Work work = parts.start(
                            "work",
                            WORK_ENDS_WITHIN,
                            () -> new Work(
                                    peers,
                                    skill(bundle, engine),
                                    Scorer.of(engine),
                                    signer,
                                    Attempts.PATIENT,
                                    settings,
                                    time),
                            Work::close);
                    return new Start.Started(new Agent(engine, work, parts));
                });
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
        return work.status(downgrades());
    }

    /// Says what this agent has to tell.
    ///
    /// @param number tells it from the others of its process
    public void meters(Meters meters, int number) {
        Label agent = Label.of("agent", number);
        meters.gauge(
                "picket_agent_provider",
                "Always 1; the label says what infers.",
                () -> 1,
                agent,
                Label.of("provider", engine.choice().provider()));
        work.meters(meters, agent);
    }

    private List<String> downgrades() {
        return engine.choice().reasons();
    }

    /// Finishes the leases under way, or gives them back.
    @Override
    public void close() {
        parts.close();
    }
}
