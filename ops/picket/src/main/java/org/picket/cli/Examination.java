package org.picket.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.picket.agent.bundle.Bundle;
import org.picket.agent.inference.CudaLibraries;
import org.picket.agent.inference.DeviceMemory;
import org.picket.agent.inference.Engine;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.inference.EngineStart;
import org.picket.agent.inference.GoldenCheck;
import org.picket.agent.inference.GraphicsCards;
import org.picket.agent.inference.NvidiaTool;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.Platform;
import org.picket.coordinator.database.Database;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.DecoderProbes;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Reason;
import org.picket.model.StandIn;
import org.picket.runtime.terminal.Amounts;

/// Looks at what this machine has by using it: decodes a small object of each format, starts the database, runs
/// the stand-in.
final class Examination {
    private static final long DISK_BYTES = 2_000_000_000L;
    private static final int VIEW_SIZE = 224;

    private final Setting setting;
    private final AgentBounds bounds;
    private final List<Found> findings = new ArrayList<>();

    /// @param bounds of an agent that would run here
    Examination(Setting setting, AgentBounds bounds) {
        this.setting = setting;
        this.bounds = bounds;
    }

    /// One thing that was looked at.
    ///
    /// @param advice what to do about a lack; empty where there is none
    /// @param usable whether Picket works with it as it is
    record Found(String thing, String state, Optional<String> advice, boolean usable) {
        String text() {
            return String.format(Locale.ROOT, "%-10s %s", thing, state)
                    + advice.map(text -> System.lineSeparator() + "           -> " + text)
                            .orElse("");
        }

        Json json() {
            return new Json()
                    .put("thing", thing)
                    .put("state", state)
                    .put("advice", advice.orElse(""))
                    .put("usable", usable);
        }
    }

    List<Found> findings() {
        return List.copyOf(findings);
    }

    void run(Consumer<Found> told) {
        run(
                told,
                List.of(
                        this::java,
                        this::disk,
                        this::decoders,
                        this::packs,
                        this::inference,
                        this::graphics,
                        this::database));
    }

    /// What an agent needs.
    void runForAgent(Consumer<Found> told) {
        run(told, List.of(this::java, this::disk, this::packs, this::inference, this::graphics));
    }

    private void run(Consumer<Found> told, List<Look> looks) {
        for (Look look : looks) {
            List<Found> found;
            try {
                found = look.found();
            } catch (IOException | RuntimeException e) {
                found = List.of(new Found(
                        "trouble",
                        String.valueOf(e.getMessage()),
                        Optional.of("see the message; nothing was changed"),
                        false));
            }
            findings.addAll(found);
            found.forEach(told);
        }
    }

    @FunctionalInterface
    private interface Look {
        List<Found> found() throws IOException;
    }

    private List<Found> java() {
        Runtime runtime = Runtime.getRuntime();
        return List.of(new Found(
                "JDK",
                Runtime.version() + ", " + runtime.availableProcessors() + " cores, heap up to "
                        + Amounts.bytes(runtime.maxMemory()),
                Optional.empty(),
                true));
    }

    private List<Found> disk() throws IOException {
        Path existing = setting.data();
        while (!Files.exists(existing)) {
            existing = Optional.ofNullable(existing.getParent()).orElse(Path.of("/"));
        }
        FileStore store = Files.getFileStore(existing);
        boolean enough = store.getUsableSpace() > DISK_BYTES;
        boolean writable = Files.isWritable(existing);
        return List.of(new Found(
                "disk",
                Amounts.bytes(store.getUsableSpace()) + " free for " + setting.data()
                        + (writable ? "" : ", which cannot be written"),
                enough && writable
                        ? Optional.empty()
                        : Optional.of("Picket needs a writable folder with some " + Amounts.bytes(DISK_BYTES)
                                + "; name another by --data"),
                enough && writable));
    }

    private List<Found> decoders() {
        List<Found> found = new ArrayList<>();
        try (DecoderPool pool = new DecoderPool(setting.decoding().withChildren(1))) {
            for (Format format : Format.values()) {
                Optional<byte[]> probe = DecoderProbes.of(format);
                if (probe.isPresent()) {
                    found.add(decoder(format, pool.decode(probe.get(), probe.get().length, VIEW_SIZE)));
                }
            }
            found.add(new Found("confined", "decoders: " + pool.confinement(), pool.confinementAdvice(), true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private static Found decoder(Format format, Decoded decoded) {
        return switch (decoded) {
            case Decoded.Views views ->
                new Found("decoder", format + " works, in a process of its own", Optional.empty(), true);
            case Decoded.Undecodable none
            when format == Format.JXL && none.reason() == Reason.UNSUPPORTED ->
                new Found(
                        "decoder",
                        "JXL objects come out as INCONCLUSIVE: this machine has no libjxl",
                        Optional.of("install it (Debian and Ubuntu: apt-get install libjxl0.7 or the version there is; "
                                + "macOS: brew install jpeg-xl)"),
                        true);
            case Decoded.Undecodable none ->
                new Found("decoder", format + " does not work: " + none.detail(), Optional.of("see the log"), false);
        };
    }

    private List<Found> packs() {
        Platform here = Platform.here();
        List<Found> found = new ArrayList<>();
        if (here.builtIn()) {
            found.add(new Found(
                    "natives", "of ONNX Runtime, " + here.name() + ", cpu: built in", Optional.empty(), true));
        }
        Natives.installed(setting.data())
                .forEach(pack -> found.add(new Found(
                        "natives",
                        "provider pack: " + pack.inWords()
                                + pack.misfit(here)
                                        .map(why -> ", which is not used: " + why)
                                        .orElse(""),
                        Optional.empty(),
                        true)));
        if (!inferring()) {
            found.add(new Found(
                    "natives",
                    "no native libraries of ONNX Runtime for " + here.name(),
                    Optional.of(
                            "join a collective and run the agent: it fetches them after you agreed, where the coordinator"
                                    + " hands them out; or give --provider-pack FILE"),
                    false));
        }
        return found;
    }

    private boolean inferring() {
        return Platform.here().builtIn() || !Natives.usable(setting.data()).isEmpty();
    }

    private List<Found> inference() throws IOException {
        if (!inferring()) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        try (InputStream file = StandIn.open()) {
            Bundle bundle = Bundle.read("the stand-in bundle", file).orThrow();
            for (Provider provider : Provider.values()) {
                found.add(provider(bundle, provider));
            }
        }
        return found;
    }

    private static Found provider(Bundle bundle, Provider provider) {
        EngineStart start = Engine.start(bundle, new EngineSettings(Optional.of(provider), 1, 1));
        return switch (start) {
            case EngineStart.Refused refused ->
                new Found("inference", provider + " does not work", Optional.of(refused.inWords()), false);
            case EngineStart.Started started -> {
                try (Engine engine = started.engine()) {
                    if (engine.choice().provider() != provider) {
                        yield new Found(
                                "inference",
                                provider + " is not there; the CPU is used",
                                Optional.of(String.join(" ", engine.choice().reasons())),
                                true);
                    }
                    GoldenCheck.Result golden = GoldenCheck.run(engine, bundle);
                    boolean passed = golden instanceof GoldenCheck.Result.Passed;
                    yield new Found(
                            "inference",
                            provider + " works, " + engine.providerClass() + (passed ? "" : ", but scores differ"),
                            passed ? Optional.empty() : Optional.of(golden.inWords()),
                            passed);
                }
            }
        };
    }

    /// What the settings bound, and whether it can be measured here.
    private List<Found> graphics() {
        OptionalLong memory = DeviceMemory.card();
        List<Found> found = new ArrayList<>(List.of(card(memory)));
        CudaLibraries.here(Platform.here().name())
                .ifPresent(cuda -> found.add(new Found("CUDA", cuda.inWords(), cuda.advice(), true)));
        List<String> limits = bounds.words(memory.isPresent() ? Provider.CUDA : Provider.CPU);
        limits.forEach(limit -> found.add(new Found("limit", limit, Optional.empty(), true)));
        return found;
    }

    private static Found card(OptionalLong memory) {
        String cards = GraphicsCards.nvidia().isEmpty()
                ? ""
                : "; NVIDIA cards on the bus: " + GraphicsCards.nvidia().getAsInt();
        if (memory.isPresent()) {
            String named = NvidiaTool.said(NvidiaTool.property("name,driver_version"))
                    .map(said -> FindingRows.printable(said.strip()))
                    .orElse("no name told");
            return new Found(
                    "graphics",
                    "the driver answers: " + named + ", " + Amounts.bytes(memory.getAsLong()) + " of memory" + cards,
                    Optional.empty(),
                    true);
        }
        boolean there = GraphicsCards.nvidia().orElse(0) > 0;
        return new Found(
                "graphics",
                "no NVIDIA driver answers by nvidia-smi: its use is not measured, and 'agent.gpu-busy' has no effect"
                        + cards,
                there
                        ? Optional.of("there is a card, and its driver is missing or not loaded: install it, and look"
                                + " again")
                        : Optional.empty(),
                true);
    }

    private List<Found> database() {
        try (Database database = Database.open(setting.database())) {
            String version = database.read(handle -> handle.createQuery("SHOW server_version")
                    .mapTo(String.class)
                    .one());
            return List.of(
                    new Found("database", "PostgreSQL " + version + " starts and answers", Optional.empty(), true));
        }
    }
}
