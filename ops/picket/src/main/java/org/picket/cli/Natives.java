package org.picket.cli;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.picket.agent.inference.CudaOutlook;
import org.picket.agent.inference.NativesTrial;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.PackStore;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.runtime.terminal.Amounts;

/// The native libraries of ONNX Runtime, for an agent: those within the program, or a provider pack's, which comes from
/// a file or, after its operator agreed to its size, from the coordinator. A graphics card that could compute gets the
/// pack that it needs; whatever is in the way of that is a downgrade with its reason, and the CPU computes.
///
/// @param data folder of the agent
/// @param wanted what is to infer; empty: the fastest that works
/// @param agreed whether a download was agreed to beforehand
/// @param machine that they are for
record Natives(Path data, Optional<Provider> wanted, boolean agreed, Machine machine) {
    private static final String FOLDER = "providers";
    private static final String CPU = "cpu";
    private static final String CUDA = "cuda";
    private static final String NOT_CUDA = "CUDA is not used: ";

    /// What an agent runs on.
    ///
    /// @param cuda whether a graphics card could compute
    /// @param load has ONNX Runtime take its libraries from a pack from now on; why it cannot, or empty
    record Machine(Platform platform, CudaOutlook cuda, Function<ProviderPack, Optional<String>> load) {
        /// This one. What is asked for needs no look at what there is.
        static Machine here(Optional<Provider> wanted) {
            Platform here = Platform.here();
            CudaOutlook cuda = wanted.isPresent() ? new CudaOutlook.NoCard() : CudaOutlook.here(here.name());
            return new Machine(here, cuda, Natives::use);
        }
    }

    /// Those that lie in a data folder.
    static List<ProviderPack> installed(Path data) {
        return new PackStore(data.resolve(FOLDER)).installed();
    }

    /// Those of them that this machine and this program can use.
    static List<ProviderPack> usable(Path data) {
        return usable(data, Platform.here());
    }

    private static List<ProviderPack> usable(Path data, Platform platform) {
        return installed(data).stream()
                .filter(pack -> pack.misfit(platform).isEmpty())
                .toList();
    }

    private static void say(String line) {
        System.err.println("picket: " + FindingRows.printable(line));
    }

    /// Has a pack used, where there has to be one; before anything infers.
    ///
    /// @param given file of one
    /// @return why it is not what was wanted, or would be fastest, that infers
    List<String> ready(Optional<Path> given, PackShelf shelf) throws InterruptedException {
        if (given.isPresent()) {
            ProviderPack pack = install(given.get());
            machine.load().apply(pack).ifPresent(why -> {
                throw new UsageFault("the provider pack " + given.get() + " does not load here: " + why);
            });
            return List.of();
        }
        installed(data)
                .forEach(pack -> pack.misfit(machine.platform())
                        .ifPresent(why -> say("the provider pack in " + pack.folder() + " is not used: " + why)));
        List<ProviderPack> usable = usable(data, machine.platform());
        List<String> downgrades = new ArrayList<>();
        if (card()) {
            Optional<String> lack = cuda(usable, shelf);
            if (lack.isEmpty()) {
                return List.of();
            }
            downgrades.add(NOT_CUDA + lack.get());
        } else if (wanted.isEmpty() && machine.cuda() instanceof CudaOutlook.Lacking(String why)) {
            downgrades.add(NOT_CUDA + why);
        }
        boolean used = usable.stream().anyMatch(this::serves);
        if (!used && !machine.platform().builtIn()) {
            loaded(fetched(shelf));
        }
        return downgrades;
    }

    /// Whether a graphics card is to compute: it was asked for, or would be the fastest.
    private boolean card() {
        return wanted.map(Natives::graphic).orElse(machine.cuda() instanceof CudaOutlook.Able);
    }

    private static boolean graphic(Provider provider) {
        return provider == Provider.CUDA || provider == Provider.TENSORRT;
    }

    /// A pack for graphics cards computes on the CPU, too, unless it was tried before.
    private boolean serves(ProviderPack pack) {
        if (card() && pack.provider().equals(CUDA)) {
            return false;
        }
        Optional<String> fault = machine.load().apply(pack);
        fault.ifPresent(why -> say("the provider pack in " + pack.folder() + " is not used, it does not load: " + why));
        return fault.isEmpty();
    }

    /// @return why there is no CUDA
    private Optional<String> cuda(List<ProviderPack> usable, PackShelf shelf) throws InterruptedException {
        Optional<ProviderPack> there =
                usable.stream().filter(pack -> pack.provider().equals(CUDA)).findFirst();
        if (there.isPresent()) {
            return machine.load()
                    .apply(there.get())
                    .map(why -> "the provider pack in " + there.get().folder() + " does not load here: " + why
                            + "; give another one by --provider-pack FILE, or delete that folder to fetch it anew");
        }
        boolean without = machine.platform().builtIn() || !usable.isEmpty();
        PackShelf.Offered offered = shelf.offers(machine.platform(), without);
        Optional<ArtifactStatement> offer = offered.of(CUDA);
        if (offer.isEmpty()) {
            return offered.lack()
                    .or(() -> Optional.of("the coordinator hands out no provider pack with it for "
                            + machine.platform().name()
                            + "; ask its operator for one, or give one by --provider-pack FILE"));
        }
        if (!agrees(offer.get())) {
            return Optional.of(named(offer.get()) + ", was not agreed to: start the agent once with --yes");
        }
        return switch (fetch(offer.get(), shelf, without)) {
            case PackStore.Install.Refused refused -> Optional.of(refused.inWords());
            case PackStore.Install.Installed installed ->
                machine.load().apply(installed.pack()).map(why -> named(offer.get()) + ", does not load here: " + why);
        };
    }

    private static String named(ArtifactStatement offer) {
        return "the provider pack " + offer.getName() + ", " + Amounts.bytes(offer.getBytes());
    }

    /// Its libraries are loaded: nobody else may have put them there. A pack for graphics cards is tried first,
    /// since the CPU goes on without it.
    ///
    /// @return why it cannot be used
    static Optional<String> load(ProviderPack pack) {
        OwnerOnly.programs(pack.folder());
        Optional<String> fault = pack.provider().equals(CUDA) ? NativesTrial.fault(pack.folder()) : Optional.empty();
        if (fault.isEmpty()) {
            pack.use();
        }
        return fault;
    }

    private static Optional<String> use(ProviderPack pack) {
        Optional<String> fault = load(pack);
        if (fault.isEmpty()) {
            AgentWatch.tell("uses " + pack.inWords());
        }
        return fault;
    }

    private void loaded(ProviderPack pack) {
        machine.load().apply(pack).ifPresent(why -> {
            throw new UsageFault("the provider pack in " + pack.folder() + " does not load here: " + why
                    + "; give another one by --provider-pack FILE");
        });
    }

    private Path folder() {
        try {
            return OwnerOnly.folder(data.resolve(FOLDER));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder for provider packs in " + data + " cannot be made: " + e.getMessage(), e);
        }
    }

    private ProviderPack install(Path file) {
        return sound(new PackStore(folder()).install(file, machine.platform()));
    }

    private static ProviderPack sound(PackStore.Install install) {
        return switch (install) {
            case PackStore.Install.Installed installed -> installed.pack();
            case PackStore.Install.Refused refused -> throw new UsageFault(refused.inWords());
        };
    }

    /// A pack from the coordinator, for a program that has no natives.
    ProviderPack fetched(PackShelf shelf) throws InterruptedException {
        PackShelf.Offered offered = shelf.offers(machine.platform(), false);
        // Where the one for graphics cards was asked for and is not used, it was tried.
        Optional<ArtifactStatement> offer =
                offered.of(CPU).or(() -> offered.packs().stream().findFirst().filter(_ -> !card()));
        if (offer.isEmpty()) {
            throw new UsageFault(
                    "this program comes without the native libraries of ONNX Runtime, and the coordinator hands"
                            + " out none for " + machine.platform().name()
                            + "; give a provider pack by --provider-pack FILE, as the project's build"
                            + " makes them (ops/deploy/README.md), or ask the coordinator's operator for one");
        }
        if (!agrees(offer.get())) {
            throw new UsageFault(named(offer.get())
                    + ", is needed and was not agreed to: give --yes, or the pack by --provider-pack FILE");
        }
        return sound(fetch(offer.get(), shelf, false));
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

    private PackStore.Install fetch(ArtifactStatement offer, PackShelf shelf, boolean without)
            throws InterruptedException {
        Path place = folder().resolve("fetched.zip");
        switch (shelf.fetch(offer, place, without)) {
            case PackShelf.Fetch.Failed failed -> {
                return new PackStore.Install.Refused(failed.inWords());
            }
            case PackShelf.Fetch.Came _ -> {}
        }
        PackStore.Install install = new PackStore(folder()).install(place, machine.platform());
        try {
            Files.delete(place);
        } catch (IOException e) {
            throw new UncheckedIOException(place + " is unpacked and cannot be deleted: " + e.getMessage(), e);
        }
        return install;
    }
}
