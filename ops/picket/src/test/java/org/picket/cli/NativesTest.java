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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    /// A coordinator with one pack, which answers some calls by failing first.
    private final class OnePack extends ArtifactsGrpc.ArtifactsImplBase {
        final ArrayDeque<Status> wants = new ArrayDeque<>();
        final ArrayDeque<Status> fetches = new ArrayDeque<>();
        private final byte[] pack = pack();

        @Override
        public synchronized void want(WantRequest request, StreamObserver<WantResponse> answer) {
            if (!wants.isEmpty()) {
                answer.onError(wants.poll().asRuntimeException());
                return;
            }
            answer.onNext(WantResponse.newBuilder()
                    .addPacks(key.seal(
                            SealKind.ARTIFACT,
                            ArtifactStatement.newBuilder()
                                    .setKind(ArtifactKind.ARTIFACT_PROVIDER_PACK)
                                    .setSha256(Digest.of(pack).bytes())
                                    .setBytes(pack.length)
                                    .setName("natives")
                                    .setPlatform(ELSEWHERE.name())
                                    .setProvider("cpu")
                                    .setRuntime(ProviderPack.RUNTIME)
                                    .build()))
                    .build());
            answer.onCompleted();
        }

        @Override
        public synchronized void fetch(FetchRequest request, StreamObserver<ArtifactChunk> answer) {
            if (!fetches.isEmpty()) {
                answer.onError(fetches.poll().asRuntimeException());
                return;
            }
            answer.onNext(ArtifactChunk.newBuilder()
                    .setOffset(request.getOffset())
                    .setContent(ByteString.copyFrom(pack).substring((int) request.getOffset()))
                    .build());
            answer.onCompleted();
        }
    }

    private static byte[] pack() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("pack.properties"));
            zip.write(("platform = " + ELSEWHERE.name() + "\nprovider = cpu\nonnxruntime = " + ProviderPack.RUNTIME
                            + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("libonnxruntime.so"));
            zip.write(new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new IllegalStateException("a file in memory cannot fail", e);
        }
        return file.toByteArray();
    }

    private Natives.Shelf shelf(OnePack... coordinators) {
        List<ManagedChannel> each = new ArrayList<>();
        for (OnePack coordinator : coordinators) {
            String name = "natives-" + UUID.randomUUID();
            servers.add(
                    Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of()));
            each.add(Channels.inProcess(name, ChannelSettings.DEFAULT, List.of()));
        }
        channels.addAll(each);
        return new Natives.Shelf(each, new Offers(key.verifyingKey()));
    }

    private Natives natives() {
        return new Natives(data, Optional.empty(), true, TWO);
    }

    @Test
    void programWithoutNativesWaitsForACoordinatorThatIsAway() throws InterruptedException {
        OnePack away = new OnePack();
        away.wants.addAll(List.of(Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.UNAVAILABLE));
        ProviderPack pack = natives().fetched(ELSEWHERE, shelf(away)).orElseThrow();
        assertTrue(Files.exists(pack.folder().resolve("libonnxruntime.so")));
        assertFalse(Files.exists(data.resolve("providers").resolve("fetched.zip")), "it is unpacked");
    }

    @Test
    void otherCoordinatorIsAskedAtOnceWhereOneIsAway() throws InterruptedException {
        OnePack away = new OnePack();
        for (int i = 0; i < 1_000; i++) {
            away.wants.add(Status.UNAVAILABLE);
        }
        assertTrue(natives().fetched(ELSEWHERE, shelf(away, new OnePack())).isPresent());
        assertEquals(999, away.wants.size());
    }

    /// An agent that has what it needs is not held up by a coordinator that is away, or of an earlier version.
    @Test
    void programWithNativesGoesOnWithThem() throws InterruptedException {
        assertTrue(Platform.here().builtIn());
        for (Status status : List.of(Status.UNAVAILABLE, Status.UNIMPLEMENTED)) {
            OnePack away = new OnePack();
            away.wants.addAll(List.of(status, status));
            assertEquals(Optional.empty(), natives().fetched(Platform.here(), shelf(away)));
            assertEquals(1, away.wants.size(), "asked more than once");
        }
    }

    @Test
    void programWithoutNativesIsToldWhatToDoByAnEarlierCoordinator() {
        OnePack earlier = new OnePack();
        earlier.wants.addAll(List.of(Status.UNIMPLEMENTED, Status.UNIMPLEMENTED));
        UsageFault fault = assertThrows(UsageFault.class, () -> natives().fetched(ELSEWHERE, shelf(earlier)));
        assertTrue(fault.getMessage().contains("--provider-pack FILE"), fault::getMessage);
    }

    /// A coordinator hands out eight files at once, and every new agent comes for its pack.
    @Test
    void downloadWaitsForItsTurn() throws InterruptedException {
        OnePack crowded = new OnePack();
        for (int i = 0; i < 3 * TWO.most() + 1; i++) {
            crowded.fetches.add(Status.RESOURCE_EXHAUSTED);
        }
        assertTrue(natives().fetched(ELSEWHERE, shelf(crowded)).isPresent());
        assertEquals(List.of(), List.copyOf(crowded.fetches));
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
