package org.picket.cli;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.PackStore;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;
import org.picket.agent.rollout.Download;
import org.picket.agent.rollout.Offers;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.WantRequest;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Amounts;

/// The native libraries of ONNX Runtime, for an agent: those within the program, or a provider pack's, which comes from
/// a file or, after its operator agreed to its size, from the coordinator.
///
/// @param data folder of the agent
/// @param wanted what is to infer; empty: the fastest that works
/// @param agreed whether a download was agreed to beforehand
/// @param attempts how patient each turn of a question or a download is
record Natives(Path data, Optional<Provider> wanted, boolean agreed, Attempts attempts) {
    private static final String FOLDER = "providers";
    private static final String CPU = "cpu";
    private static final String CUDA = "cuda";
    private static final long CALL_MINUTES = 10;
    /// Each of them waits for half a minute or more.
    private static final int MOST_TURNS = 120;

    private static final Attempts ATTEMPTS = new Attempts(8, Duration.ofMillis(750), Duration.ofSeconds(15));

    Natives(Path data, Optional<Provider> wanted, boolean agreed) {
        this(data, wanted, agreed, ATTEMPTS);
    }

    /// Who hands packs out.
    ///
    /// @param coordinators any of them
    /// @param believed what they say of packs
    record Shelf(List<? extends Channel> coordinators, Offers believed) {
        static Shelf of(RemoteMember member) {
            return new Shelf(member.each(), new Offers(member.record().coordinatorKey()));
        }
    }

    /// Those that lie in a data folder.
    static List<ProviderPack> installed(Path data) {
        return new PackStore(data.resolve(FOLDER)).installed();
    }

    /// Those of them that this machine and this program can use.
    static List<ProviderPack> usable(Path data) {
        return installed(data).stream()
                .filter(pack -> pack.misfit(Platform.here()).isEmpty())
                .toList();
    }

    private static void say(String line) {
        System.err.println("picket: " + FindingRows.printable(line));
    }

    /// Has a pack used, where there has to be one; before anything infers.
    ///
    /// @param given file of one
    void ready(Optional<Path> given, Shelf shelf) throws InterruptedException {
        Platform here = Platform.here();
        if (given.isPresent()) {
            use(install(given.get(), here));
            return;
        }
        installed(data)
                .forEach(pack -> pack.misfit(here)
                        .ifPresent(why -> say("the provider pack in " + pack.folder() + " is not used: " + why)));
        Optional<ProviderPack> there =
                usable(data).stream().filter(pack -> suits(pack.provider())).findFirst();
        if (there.isPresent()) {
            use(there.get());
            return;
        }
        boolean able = here.builtIn() && !wanted.filter(Natives::graphic).isPresent();
        if (!able) {
            fetched(here, shelf).ifPresent(Natives::use);
        }
    }

    /// Its libraries are loaded: nobody else may have put them there.
    static void load(ProviderPack pack) {
        OwnerOnly.programs(pack.folder());
        pack.use();
    }

    private static void use(ProviderPack pack) {
        load(pack);
        AgentWatch.tell("uses " + pack.inWords());
    }

    private static boolean graphic(Provider provider) {
        return provider == Provider.CUDA || provider == Provider.TENSORRT;
    }

    /// A pack for graphics cards computes on the CPU, too; where the CPU was asked for, its own is enough.
    private boolean suits(String provider) {
        return wanted.isEmpty() || (wanted.filter(Natives::graphic).isPresent() ? provider.equals(CUDA) : true);
    }

    private Path folder() {
        try {
            return OwnerOnly.folder(data.resolve(FOLDER));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder for provider packs in " + data + " cannot be made: " + e.getMessage(), e);
        }
    }

    private ProviderPack install(Path file, Platform here) {
        return switch (new PackStore(folder()).install(file, here)) {
            case PackStore.Install.Installed installed -> installed.pack();
            case PackStore.Install.Refused refused -> throw new UsageFault(refused.inWords());
        };
    }

    /// A pack from the coordinator.
    ///
    /// @return empty where the program can do without
    Optional<ProviderPack> fetched(Platform here, Shelf shelf) throws InterruptedException {
        List<ArtifactStatement> offers = offers(here, shelf);
        String best = wanted.filter(Natives::graphic).isPresent() ? CUDA : CPU;
        Optional<ArtifactStatement> offer = offers.stream()
                .filter(one -> one.getProvider().equals(best))
                .findFirst()
                .or(() -> here.builtIn() ? Optional.empty() : offers.stream().findFirst());
        if (offer.isEmpty()) {
            if (here.builtIn()) {
                return Optional.empty();
            }
            throw new UsageFault(
                    "this program comes without the native libraries of ONNX Runtime, and the coordinator hands"
                            + " out none for " + here.name()
                            + "; give a provider pack by --provider-pack FILE, as the project's build"
                            + " makes them (ops/deploy/README.md), or ask the coordinator's operator for one");
        }
        if (!agrees(offer.get())) {
            if (here.builtIn()) {
                return Optional.empty();
            }
            throw new UsageFault("the provider pack " + offer.get().getName() + ", "
                    + Amounts.bytes(offer.get().getBytes())
                    + ", is needed and was not agreed to: give --yes, or the pack by --provider-pack FILE");
        }
        return Optional.of(fetch(offer.get(), here, shelf));
    }

    /// Where none answers just now, a program with natives of its own does without, and another one waits.
    private List<ArtifactStatement> offers(Platform here, Shelf shelf) throws InterruptedException {
        for (int turn = 1; ; turn++) {
            try {
                return asked(here, shelf);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                boolean passing = Attempts.passing(code);
                if (!passing && code != Status.Code.UNIMPLEMENTED) {
                    throw e;
                }
                boolean waits = passing && !here.builtIn() && turn < MOST_TURNS;
                say("the coordinator does not say which provider packs it has (" + code + ")"
                        + (here.builtIn() ? "; goes on with its own natives" : waits ? "; waits for it" : ""));
                if (!waits) {
                    return List.of();
                }
                pause(turn);
            }
        }
    }

    private void pause(int failures) throws InterruptedException {
        try {
            attempts.pause(failures);
        } catch (StatusRuntimeException e) {
            throw new InterruptedException();
        }
    }

    /// @throws StatusRuntimeException what the last one answered, where none says what it has
    private static List<ArtifactStatement> asked(Platform here, Shelf shelf) {
        StatusRuntimeException last = Status.UNAVAILABLE.asRuntimeException();
        for (Channel coordinator : shelf.coordinators()) {
            try {
                return ArtifactsGrpc.newBlockingStub(coordinator)
                        .want(WantRequest.newBuilder().setPlatform(here.name()).build())
                        .getPacksList()
                        .stream()
                        .flatMap(one -> shelf.believed().pack(one, here.name()).stream())
                        .filter(Natives::goesWithThis)
                        .toList();
            } catch (StatusRuntimeException e) {
                last = e;
            }
        }
        throw last;
    }

    private static boolean goesWithThis(ArtifactStatement offer) {
        boolean same = offer.getRuntime().isEmpty() || offer.getRuntime().equals(ProviderPack.RUNTIME);
        if (!same) {
            say("leaves the coordinator's provider pack " + offer.getName()
                    + " where it is: this program goes with ONNX Runtime " + ProviderPack.RUNTIME + " alone");
        }
        return same;
    }

    /// Says how large it is before anything comes.
    private boolean agrees(ArtifactStatement offer) {
        String what =
                "The native libraries of ONNX Runtime for this machine (" + offer.getName() + ") are program code,"
                        + " which will run as you; the coordinator's operator answers for it. They come from the coordinator: "
                        + Amounts.bytes(offer.getBytes()) + ", once.";
        if (agreed) {
            System.out.println(what);
            return true;
        }
        Optional<Console> console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (console.isEmpty()) {
            System.out.println(what + " --yes fetches them.");
            return false;
        }
        String answer = console.get().readLine("%s Fetch them now? [y/N] ", what);
        return Optional.ofNullable(answer)
                .orElse("")
                .strip()
                .toLowerCase(Locale.ROOT)
                .startsWith("y");
    }

    private ProviderPack fetch(ArtifactStatement offer, Platform here, Shelf shelf) throws InterruptedException {
        Path place = folder().resolve("fetched.zip");
        Progress progress = new Progress(offer.getBytes());
        List<Download.Source> sources = shelf.coordinators().stream()
                .map(coordinator -> (Download.Source) offset -> ArtifactsGrpc.newBlockingStub(coordinator)
                        .withDeadlineAfter(CALL_MINUTES, TimeUnit.MINUTES)
                        .fetch(FetchRequest.newBuilder()
                                .setSha256(offer.getSha256())
                                .setOffset(offset)
                                .build()))
                .toList();
        Download download = new Download(offer, place, progress::at);
        Download.Outcome outcome = download.run(sources, attempts);
        for (int turn = 1; turn < MOST_TURNS && outcome instanceof Download.Outcome.Crowded; turn++) {
            say("waits for its turn: as many transfers as may be are under way at the coordinator");
            outcome = download.run(sources, attempts);
        }
        switch (outcome) {
            case Download.Outcome.Failed failed ->
                throw new UsageFault(failed.inWords() + " by the next 'picket agent run'");
            case Download.Outcome.Crowded crowded ->
                throw new UsageFault(crowded.inWords() + " by the next 'picket agent run'");
            case Download.Outcome.Wrong wrong -> throw new UsageFault(wrong.inWords());
            case Download.Outcome.Complete _ -> {}
        }
        ProviderPack pack = install(place, here);
        try {
            Files.delete(place);
        } catch (IOException e) {
            throw new UncheckedIOException(place + " is unpacked and cannot be deleted: " + e.getMessage(), e);
        }
        return pack;
    }

    /// Tells each tenth of a download.
    private static final class Progress {
        private static final int PARTS = 10;
        private final long all;
        private long told = -1;

        Progress(long all) {
            this.all = all;
        }

        void at(long have) {
            long part = PARTS * have / all;
            if (part > told) {
                told = part;
                System.out.println("  " + Amounts.bytes(have) + " of " + Amounts.bytes(all));
            }
        }
    }
}
