package org.picket.agent.inference;

import ai.onnxruntime.OrtEnvironment;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.bundle.Needs;
import org.picket.proto.v1.BundleNeeds;

/// The engines of several bundles, each after its golden views agreed. Safe for any number of threads, of which one
/// adds and ends.
public final class Engines implements AutoCloseable {
    private final List<Running> running = new CopyOnWriteArrayList<>();

    private record Running(ByteString bundle, Engine engine, String check) {}

    /// Loads a bundle and checks its golden views.
    public EngineStart add(Bundle bundle, EngineSettings settings) {
        EngineStart start = Engine.start(bundle, settings);
        if (!(start instanceof EngineStart.Started started)) {
            return start;
        }
        Engine engine = started.engine();
        GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
        if (!(golden instanceof GoldenCheck.Result.Passed)) {
            engine.close();
            return new EngineStart.Refused(golden.inWords());
        }
        running.add(new Running(
                ByteString.copyFrom(bundle.digest()), engine, bundle.manifest().getName() + ": " + golden.inWords()));
        return start;
    }

    /// What this machine lacks for a bundle of such needs, in words; empty: nothing. Nothing is loaded of it.
    public static Optional<String> lacking(BundleNeeds needs, EngineSettings settings) {
        if (needs.equals(BundleNeeds.getDefaultInstance())) {
            return Optional.empty();
        }
        Engine.load();
        ProviderChoice choice = ProviderProbe.choose(OrtEnvironment.getEnvironment(), settings);
        return lacking(needs, choice, settings);
    }

    /// By the rule by which coordinators give no leases of it; and what does not fit into the memory would end the
    /// process.
    private static Optional<String> lacking(BundleNeeds needs, ProviderChoice choice, EngineSettings settings) {
        Provider provider = choice.provider();
        return Needs.of(needs).lacking(provider.word(), DeviceMemory.of(provider, settings.gpuMemory()));
    }

    /// Loads a bundle where this machine has what it needs, and checks its golden views.
    public EngineStart addFitting(Bundle bundle, EngineSettings settings) {
        BundleNeeds needs = bundle.manifest().getNeeds();
        Optional<String> lack = lacking(needs, settings);
        if (lack.isPresent()) {
            return unable(lack.get());
        }
        return addUnlessFallen(bundle, settings);
    }

    /// Loads a bundle that fits what would compute it: a graphics card that works may refuse this very graph, and then
    /// the CPU computes.
    EngineStart addUnlessFallen(Bundle bundle, EngineSettings settings) {
        EngineStart start = add(bundle, settings);
        Optional<String> fallen = start instanceof EngineStart.Started started
                ? lacking(bundle.manifest().getNeeds(), started.engine().choice(), settings)
                : Optional.empty();
        if (fallen.isPresent()) {
            end(ByteString.copyFrom(bundle.digest()));
            return unable(fallen.get());
        }
        return start;
    }

    private static EngineStart unable(String lack) {
        return new EngineStart.Refused("this machine cannot run it: " + lack);
    }

    /// Ends a bundle's engine, which nobody uses any more.
    public void end(ByteString bundle) {
        running.stream().filter(one -> one.bundle().equals(bundle)).findFirst().ifPresent(one -> {
            running.remove(one);
            one.engine().close();
        });
    }

    /// Digests of the bundles.
    public Set<ByteString> bundles() {
        return running.stream().map(Running::bundle).collect(Collectors.toUnmodifiableSet());
    }

    /// What infers the first bundle's scores, by name.
    public String provider() {
        return running.stream()
                .findFirst()
                .map(one -> one.engine().choice().provider().name())
                .orElse("no bundle yet");
    }

    /// What came of the golden views of each bundle, in words.
    public List<String> checks() {
        return running.stream().map(Running::check).toList();
    }

    /// Why it is not what was wanted that infers.
    public List<String> downgrades() {
        return running.stream()
                .flatMap(one -> one.engine().choice().reasons().stream())
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        Optional<RuntimeException> first = Optional.empty();
        for (Running one : running) {
            try {
                one.engine().close();
            } catch (RuntimeException e) {
                first = first.or(() -> Optional.of(e));
            }
        }
        running.clear();
        if (first.isPresent()) {
            throw first.get();
        }
    }
}
