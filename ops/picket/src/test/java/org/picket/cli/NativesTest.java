package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.agent.inference.CudaOutlook;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;
import org.picket.agent.rollout.Offers;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.WantRequest;
import org.picket.proto.v1.WantResponse;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

/// How an agent comes to its native libraries.
class NativesTest {
    /// The program has no natives for it.
    private static final Platform ELSEWHERE = new Platform("elsewhere-x64");
    private static final Attempts TWO = new Attempts(2, Duration.ofMillis(1), Duration.ofMillis(1));
    private static final String LIBRARIES = "onnxruntime.native.path";

    @TempDir
    private Path data;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    /// Providers of the packs that were loaded.
    private final List<String> used = new ArrayList<>();

    private final Set<String> unloadable = new HashSet<>();

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    /// A coordinator with packs, one of each provider, which answers some calls by failing first.
    private final class Packs extends ArtifactsGrpc.ArtifactsImplBase {
        final ArrayDeque<Status> wants = new ArrayDeque<>();
        final ArrayDeque<Status> fetches = new ArrayDeque<>();
        private final List<String> providers;

        Packs(String... providers) {
            this.providers = List.of(providers);
        }

        @Override
        public synchronized void want(WantRequest request, StreamObserver<WantResponse> answer) {
            if (!wants.isEmpty()) {
                answer.onError(wants.poll().asRuntimeException());
                return;
            }
            WantResponse.Builder packs = WantResponse.newBuilder();
            for (String provider : providers) {
                packs.addPacks(key.seal(
                        SealKind.ARTIFACT,
                        ArtifactStatement.newBuilder()
                                .setKind(ArtifactKind.ARTIFACT_PROVIDER_PACK)
                                .setSha256(Digest.of(pack(provider)).bytes())
                                .setBytes(pack(provider).length)
                                .setName("natives " + provider)
                                .setPlatform(ELSEWHERE.name())
                                .setProvider(provider)
                                .setRuntime(ProviderPack.RUNTIME)
                                .build()));
            }
            answer.onNext(packs.build());
            answer.onCompleted();
        }

        @Override
        public synchronized void fetch(FetchRequest request, StreamObserver<ArtifactChunk> answer) {
            if (!fetches.isEmpty()) {
                answer.onError(fetches.poll().asRuntimeException());
                return;
            }
            byte[] pack = providers.stream()
                    .map(NativesTest::pack)
                    .filter(one -> Digest.of(one).bytes().equals(request.getSha256()))
                    .findFirst()
                    .orElseThrow();
            answer.onNext(ArtifactChunk.newBuilder()
                    .setOffset(request.getOffset())
                    .setContent(ByteString.copyFrom(pack).substring((int) request.getOffset()))
                    .build());
            answer.onCompleted();
        }
    }

    private static byte[] pack(String provider) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(entry("pack.properties"));
            zip.write(("platform = " + ELSEWHERE.name() + "\nprovider = " + provider + "\nonnxruntime = "
                            + ProviderPack.RUNTIME + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("libonnxruntime.so"));
            zip.write(new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new IllegalStateException("a file in memory cannot fail", e);
        }
        return file.toByteArray();
    }

    /// The same bytes at each call.
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        return entry;
    }

    private PackShelf shelf(Packs... coordinators) {
        List<ManagedChannel> each = new ArrayList<>();
        for (Packs coordinator : coordinators) {
            String name = "natives-" + UUID.randomUUID();
            servers.add(
                    Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of()));
            each.add(Channels.inProcess(name, ChannelSettings.DEFAULT, List.of()));
        }
        channels.addAll(each);
        return new PackShelf(each, new Offers(key.verifyingKey()), TWO);
    }

    /// Without a wish.
    private Natives natives(CudaOutlook cuda) {
        return natives(Optional.empty(), true, ELSEWHERE, cuda);
    }

    private Natives natives(Optional<Provider> wanted, boolean agreed, Platform platform, CudaOutlook cuda) {
        return new Natives(data, wanted, agreed, new Natives.Machine(platform, cuda, pack -> {
            if (unloadable.contains(pack.provider())) {
                return Optional.of("its C library is too new");
            }
            used.add(pack.provider());
            return Optional.empty();
        }));
    }

    private Natives natives() {
        return natives(new CudaOutlook.NoCard());
    }

    @Test
    void programWithoutNativesWaitsForACoordinatorThatIsAway() throws InterruptedException {
        Packs away = new Packs("cpu");
        away.wants.addAll(List.of(Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.UNAVAILABLE));
        ProviderPack pack = natives().fetched(shelf(away));
        assertTrue(Files.exists(pack.folder().resolve("libonnxruntime.so")));
        assertFalse(Files.exists(data.resolve("providers").resolve("fetched.zip")), "it is unpacked");
    }

    @Test
    void otherCoordinatorIsAskedAtOnceWhereOneIsAway() throws InterruptedException {
        Packs away = new Packs("cpu");
        for (int i = 0; i < 1_000; i++) {
            away.wants.add(Status.UNAVAILABLE);
        }
        assertEquals("cpu", natives().fetched(shelf(away, new Packs("cpu"))).provider());
        assertEquals(999, away.wants.size());
    }

    /// An agent that has what it needs is not held up by a coordinator that is away, or of an earlier version.
    @Test
    void programWithNativesGoesOnWithThem() throws InterruptedException {
        assertTrue(Platform.here().builtIn());
        for (Status status : List.of(Status.UNAVAILABLE, Status.UNIMPLEMENTED)) {
            Packs away = new Packs("cpu");
            away.wants.addAll(List.of(status, status));
            Natives natives = natives(Optional.of(Provider.CUDA), true, Platform.here(), new CudaOutlook.NoCard());
            String lack = natives.ready(Optional.empty(), shelf(away)).getFirst();
            assertTrue(lack.contains("does not say which provider packs it has (" + status.getCode()), lack);
            assertEquals(1, away.wants.size(), "asked more than once");
        }
    }

    @Test
    void programWithoutNativesIsToldWhatToDoByAnEarlierCoordinator() {
        Packs earlier = new Packs("cpu");
        earlier.wants.addAll(List.of(Status.UNIMPLEMENTED, Status.UNIMPLEMENTED));
        UsageFault fault = assertThrows(UsageFault.class, () -> natives().fetched(shelf(earlier)));
        assertTrue(fault.getMessage().contains("--provider-pack FILE"), fault::getMessage);
    }

    /// A coordinator hands out eight files at once, and every new agent comes for its pack.
    @Test
    void downloadWaitsForItsTurn() throws InterruptedException {
        Packs crowded = new Packs("cpu");
        for (int i = 0; i < 3 * TWO.most() + 1; i++) {
            crowded.fetches.add(Status.RESOURCE_EXHAUSTED);
        }
        assertEquals("cpu", natives().fetched(shelf(crowded)).provider());
        assertEquals(List.of(), List.copyOf(crowded.fetches));
    }

    private static final CudaOutlook ABLE = new CudaOutlook.Able();

    private List<String> ready(Natives natives, Packs coordinator) throws InterruptedException {
        return natives.ready(Optional.empty(), shelf(coordinator));
    }

    /// Nobody has to ask for what the machine has.
    @Test
    void cardThatCouldComputeGetsItsPackWithoutAWish() throws InterruptedException {
        Packs both = new Packs("cpu", "cuda");
        assertEquals(List.of(), ready(natives(ABLE), both));
        assertEquals(List.of("cuda"), used);
        both.wants.add(Status.UNAVAILABLE);
        assertEquals(List.of(), ready(natives(ABLE), both));
        assertEquals(1, both.wants.size(), "what is there is not asked for again");
    }

    @Test
    void packForTheCpuThatLiesThereIsNoReasonToLeaveTheCardAlone() throws InterruptedException {
        ready(natives(), new Packs("cpu", "cuda"));
        assertEquals(List.of("cpu"), used);
        assertEquals(List.of(), ready(natives(ABLE), new Packs("cpu", "cuda")));
        assertEquals(List.of("cpu", "cuda"), used);
    }

    @Test
    void withoutACardOrWithTheCpuAskedForNothingIsFetchedForOne() throws InterruptedException {
        assertEquals(List.of(), ready(natives(), new Packs("cuda", "cpu")));
        assertEquals(
                List.of(), ready(natives(Optional.of(Provider.CPU), true, ELSEWHERE, ABLE), new Packs("cuda", "cpu")));
        assertEquals(List.of("cpu", "cpu"), used);
    }

    @Test
    void cardThatLacksSomethingIsToldAndTheCpuComputes() throws InterruptedException {
        assertEquals(
                List.of("CUDA is not used: install cuDNN 9"),
                ready(natives(new CudaOutlook.Lacking("install cuDNN 9")), new Packs("cuda", "cpu")));
        assertEquals(List.of("cpu"), used);
    }

    @Test
    void whereNoPackForTheCardIsHandedOutTheCpuComputesAndWhyIsTold() throws InterruptedException {
        String lack = ready(natives(ABLE), new Packs("cpu")).getFirst();
        assertTrue(lack.startsWith("CUDA is not used: the coordinator hands out no provider pack with it for"), lack);
        assertEquals(List.of("cpu"), used);
    }

    @Test
    void packForTheCardThatDoesNotLoadIsLeftAndWhyIsTold() throws InterruptedException {
        unloadable.add("cuda");
        String fetched = ready(natives(ABLE), new Packs("cpu", "cuda")).getFirst();
        assertTrue(fetched.contains("the provider pack natives cuda, "), fetched);
        assertTrue(fetched.endsWith(" does not load here: its C library is too new"), fetched);
        String lying = ready(natives(ABLE), new Packs("cpu", "cuda")).getFirst();
        assertTrue(lying.contains("does not load here: its C library is too new; give another one by"), lying);
        assertEquals(List.of("cpu", "cpu"), used);
    }

    /// A service cannot be asked, and has to go on with what it has.
    @Test
    void packForTheCardThatWasNotAgreedToIsNotFetched() throws InterruptedException {
        ready(natives(), new Packs("cpu"));
        Packs both = new Packs("cpu", "cuda");
        String lack =
                ready(natives(Optional.empty(), false, ELSEWHERE, ABLE), both).getFirst();
        assertTrue(lack.contains("was not agreed to: start the agent once with --yes"), lack);
        assertEquals(List.of("cpu", "cpu"), used);
    }

    @Test
    void downloadForTheCardThatFailsIsTakenUpByTheNextStart() throws InterruptedException {
        Packs failing = new Packs("cpu", "cuda");
        for (int i = 0; i < TWO.most(); i++) {
            failing.fetches.add(Status.UNAVAILABLE);
        }
        String lack = ready(natives(ABLE), failing).getFirst();
        assertTrue(lack.contains("natives cuda cannot be fetched") && lack.contains("by the next"), lack);
        assertEquals(List.of("cpu"), used);
        assertEquals(List.of(), ready(natives(ABLE), failing));
        assertEquals(List.of("cpu", "cuda"), used);
    }

    /// What lies there runs as whoever runs the agent.
    @Test
    void libraryThatOthersMayWriteIsNotLoaded() throws IOException {
        Optional<String> before = Optional.ofNullable(System.getProperty(LIBRARIES));
        for (String rights : List.of("rwxrwx---", "rwx----w-")) {
            Path folder = Files.createDirectory(data.resolve(rights));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
            ProviderPack pack = new ProviderPack(folder, ELSEWHERE.name(), "cpu", ProviderPack.RUNTIME);
            UsageFault fault = assertThrows(UsageFault.class, () -> Natives.load(pack));
            assertTrue(fault.getMessage().contains("others may write to it"), fault::getMessage);
        }
        assertEquals(before, Optional.ofNullable(System.getProperty(LIBRARIES)));
    }
}
