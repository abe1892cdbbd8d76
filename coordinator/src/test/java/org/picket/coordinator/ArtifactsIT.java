package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.artifact.ArtifactSettings;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.coordinator.fleet.MemberStanding;
import org.picket.proto.id.MemberId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.ArtifactsGrpc.ArtifactsBlockingStub;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.WantRequest;

/// Artifacts as agents get them, over TLS.
class ArtifactsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String NOTE = "platform = linux-x64\nprovider = cpu\nonnxruntime = 1.29.0\n";
    private static final int TRANSFERS = 8;

    @TempDir
    private Path shelf;

    private Database database;
    private SecureCollective collective;
    private ArtifactsBlockingStub agent;
    private Joined joined;

    @BeforeEach
    void start() {
        database = DATABASE.fresh();
        start(10_000_000_000L);
    }

    private void start(long bytesPerSecond) {
        collective = new SecureCollective(
                database,
                Duration.ZERO,
                CoordinatorSettings.standard("secure")
                        .with(new ArtifactSettings(java.util.Optional.of(shelf), TRANSFERS, bytesPerSecond)));
        joined = collective.join(MemberRole.AGENT, "one");
        agent = ArtifactsGrpc.newBlockingStub(joined.channel());
    }

    @AfterEach
    void stop() {
        collective.close();
        database.close();
    }

    private byte[] pack(int bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("pack.properties"));
            zip.write(NOTE.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("libsome.so"));
            byte[] library = new byte[bytes];
            new Random(5).nextBytes(library);
            zip.write(library);
        }
        Files.write(shelf.resolve("pack.zip"), out.toByteArray());
        return out.toByteArray();
    }

    private ArtifactStatement awaitPack() throws InvalidProtocolBufferException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        List<Sealed> packs = List.of();
        while (packs.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "the pack is not handed out");
            packs = agent.want(WantRequest.newBuilder().setPlatform("linux-x64").build())
                    .getPacksList();
        }
        return ArtifactStatement.parseFrom(packs.getFirst().getStatement());
    }

    private static FetchRequest from(ArtifactStatement what, long offset) {
        return FetchRequest.newBuilder()
                .setSha256(what.getSha256())
                .setOffset(offset)
                .build();
    }

    @Test
    void packIsToldWithSizeAndDigestAndComesFromAnyOffsetInChunks() throws IOException {
        byte[] file = pack(700_000);
        Files.write(shelf.resolve("letter.txt"), new byte[] {1});
        Files.write(shelf.resolve("unfinished.zip"), java.util.Arrays.copyOf(file, 1_000));
        ArtifactStatement what = awaitPack();
        assertEquals(ArtifactKind.ARTIFACT_PROVIDER_PACK, what.getKind());
        assertEquals(file.length, what.getBytes());
        assertEquals(Digest.of(file).bytes(), what.getSha256());
        assertEquals("cpu", what.getProvider());
        for (long offset : new long[] {0, 1, 300_000, file.length - 1}) {
            ByteArrayOutputStream came = new ByteArrayOutputStream();
            Iterator<ArtifactChunk> chunks = agent.fetch(from(what, offset));
            while (chunks.hasNext()) {
                ArtifactChunk chunk = chunks.next();
                assertEquals(offset + came.size(), chunk.getOffset());
                assertTrue(chunk.getContent().size() <= Limits.ARTIFACT_CHUNK_BYTES);
                chunk.getContent().writeTo(came);
            }
            assertArrayEquals(
                    java.util.Arrays.copyOfRange(file, (int) offset, file.length),
                    came.toByteArray(),
                    "from " + offset);
        }
        assertTrue(agent.want(WantRequest.newBuilder().setPlatform("osx-arm64").build())
                .getPacksList()
                .isEmpty());
    }

    private static Status refusal(Iterator<ArtifactChunk> chunks) {
        return assertThrows(StatusRuntimeException.class, () -> chunks.forEachRemaining(_ -> {}))
                .getStatus();
    }

    @Test
    void whatIsNotThereOrBeyondItsEndIsRefused() throws IOException {
        byte[] file = pack(1_000);
        ArtifactStatement what = awaitPack();
        for (long offset : new long[] {file.length, -1, Long.MIN_VALUE}) {
            assertEquals(
                    Status.Code.INVALID_ARGUMENT,
                    refusal(agent.fetch(from(what, offset))).getCode());
        }
        for (ByteString other :
                List.of(ByteString.EMPTY, Digest.of(new byte[] {9}).bytes())) {
            assertEquals(
                    Status.Code.NOT_FOUND,
                    refusal(agent.fetch(
                                    FetchRequest.newBuilder().setSha256(other).build()))
                            .getCode());
        }
        Files.delete(shelf.resolve("pack.zip"));
        Status gone = refusal(agent.fetch(from(what, 0)));
        assertTrue(gone.getCode() == Status.Code.NOT_FOUND || gone.getCode() == Status.Code.ABORTED, gone::toString);
    }

    @Test
    void transfersAreBoundedAndEndWhenTheirMemberIsSilenced() throws IOException {
        collective.close();
        start(1_000_000L);
        pack(20_000_000);
        ArtifactStatement what = awaitPack();
        Iterator<ArtifactChunk> first = agent.fetch(from(what, 0));
        Iterator<ArtifactChunk> second = agent.fetch(from(what, 0));
        assertTrue(first.hasNext() && second.hasNext());
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED,
                refusal(agent.fetch(from(what, 0))).getCode());
        collective.process.fleet().stand(new MemberId(joined.id()), MemberStanding.SUSPENDED);
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(first).getCode());
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(second).getCode());
    }

    @Test
    void membersOfOneOwnerLeaveRoomForThoseOfOthers() throws IOException {
        collective.close();
        start(1_000_000L);
        pack(20_000_000);
        ArtifactStatement what = awaitPack();
        Iterator<ArtifactChunk> first = fetch(collective.join(MemberRole.AGENT, "many"), what);
        Iterator<ArtifactChunk> second = fetch(collective.join(MemberRole.AGENT, "many"), what);
        assertTrue(first.hasNext() && second.hasNext());
        assertEquals(
                Status.Code.RESOURCE_EXHAUSTED,
                refusal(fetch(collective.join(MemberRole.AGENT, "many"), what)).getCode());
        assertTrue(agent.fetch(from(what, 0)).hasNext());
    }

    private static Iterator<ArtifactChunk> fetch(Joined member, ArtifactStatement what) {
        return ArtifactsGrpc.newBlockingStub(member.channel()).fetch(from(what, 0));
    }
}
