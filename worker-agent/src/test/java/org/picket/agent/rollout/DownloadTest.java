package org.picket.agent.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.runtime.channel.Attempts;

class DownloadTest {
    private static final Attempts THREE = new Attempts(3, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final int CHUNK = 1_000;

    @TempDir
    private Path folder;

    private final byte[] content = content();
    private final List<Long> asked = new ArrayList<>();

    private static byte[] content() {
        byte[] content = new byte[10_500];
        new Random(7).nextBytes(content);
        return content;
    }

    private ArtifactStatement statement() {
        return ArtifactStatement.newBuilder()
                .setSha256(Digest.of(content).bytes())
                .setBytes(content.length)
                .setName("some thing")
                .build();
    }

    private Path place() {
        return folder.resolve("place");
    }

    private Download.Outcome run(ArtifactStatement what, Download.Source... sources) throws InterruptedException {
        return new Download(what, place(), _ -> {}).run(List.of(sources), THREE);
    }

    /// Hands out so many chunks a call, and then fails; 0: all of them.
    private Download.Source source(int chunks) {
        return offset -> {
            asked.add(offset);
            return new Iterator<>() {
                private long at = offset;
                private int given;

                @Override
                public boolean hasNext() {
                    return at < content.length;
                }

                @Override
                public ArtifactChunk next() {
                    if (chunks > 0 && given == chunks) {
                        throw Status.UNAVAILABLE.asRuntimeException();
                    }
                    int bytes = (int) Math.min(CHUNK, content.length - at);
                    ArtifactChunk chunk = ArtifactChunk.newBuilder()
                            .setOffset(at)
                            .setContent(ByteString.copyFrom(content, (int) at, bytes))
                            .build();
                    at += bytes;
                    given++;
                    return chunk;
                }
            };
        };
    }

    /// Hands out one chunk, and then never any more.
    private Download.Source cutAfterOne() {
        AtomicBoolean cut = new AtomicBoolean();
        return offset -> {
            if (cut.getAndSet(true)) {
                throw Status.UNAVAILABLE.asRuntimeException();
            }
            return source(1).from(offset);
        };
    }

    private static Download.Source chunk(ArtifactChunk chunk) {
        return _ -> List.of(chunk).iterator();
    }

    private static String words(Download.Outcome outcome) {
        return assertInstanceOf(Download.Outcome.Failed.class, outcome).inWords();
    }

    @Test
    void cutAgainAndAgainItGoesOnWhereItStopped() throws Exception {
        assertInstanceOf(Download.Outcome.Complete.class, run(statement(), source(2)));
        assertEquals(List.of(0L, 2_000L, 4_000L, 6_000L, 8_000L, 10_000L), asked);
        assertArrayEquals(content, Files.readAllBytes(place()));
        assertEquals(List.of(place()), files());
    }

    @Test
    void anotherProcessGoesOnWhereThisOneWasKilled() throws Exception {
        run(statement(), cutAfterOne());
        assertFalse(Files.exists(place()), "an unfinished file is at its place");
        asked.clear();
        assertInstanceOf(Download.Outcome.Complete.class, run(statement(), source(0)));
        assertEquals(List.of((long) CHUNK), asked);
        assertArrayEquals(content, Files.readAllBytes(place()));
    }

    @Test
    void sourcesTakeTurnsWhereOneFails() throws Exception {
        Download.Source gone = _ -> {
            throw Status.NOT_FOUND.asRuntimeException();
        };
        assertInstanceOf(Download.Outcome.Complete.class, run(statement(), gone, source(0)));
    }

    @Test
    void itGivesUpAndKeepsWhatCameWhereNothingMoreComes() throws Exception {
        String words = words(run(statement(), _ -> {
            throw Status.NOT_FOUND.withDescription("gone").asRuntimeException();
        }));
        assertTrue(words.contains("NOT_FOUND gone") && words.contains("tried again"), words);
    }

    @Test
    void whereItsTurnDoesNotComeThatIsToldApart() throws Exception {
        Download.Outcome outcome = run(statement(), _ -> {
            throw Status.RESOURCE_EXHAUSTED.withDescription("busy").asRuntimeException();
        });
        String words = assertInstanceOf(Download.Outcome.Crowded.class, outcome).inWords();
        assertTrue(words.contains("RESOURCE_EXHAUSTED busy") && words.contains("tried again"), words);
    }

    @Test
    void otherBytesOfTheRightLengthAreThrownAway() throws Exception {
        ArtifactStatement other = statement().toBuilder()
                .setSha256(Digest.of(new byte[] {1}).bytes())
                .build();
        String words = assertInstanceOf(Download.Outcome.Wrong.class, run(other, source(0)))
                .inWords();
        assertTrue(words.contains("SHA-256"), words);
        assertEquals(List.of(), files());
    }

    @Test
    void whatWasLeftDamagedIsThrownAwayAndComesAnewTheNextTime() throws Exception {
        run(statement(), cutAfterOne());
        Path part = files().getFirst();
        byte[] damaged = Files.readAllBytes(part);
        damaged[3] ^= 1;
        Files.write(part, damaged);
        assertTrue(words(run(statement(), source(0))).contains("thrown away"));
        assertInstanceOf(Download.Outcome.Complete.class, run(statement(), source(0)));
    }

    @Test
    void moreBytesThanAnnouncedWereLeft() throws Exception {
        run(statement(), cutAfterOne());
        Files.write(files().getFirst(), new byte[content.length + 1]);
        assertInstanceOf(Download.Outcome.Complete.class, run(statement(), source(0)));
    }

    @Test
    void chunksOutOfOrderEmptyTooLargeOrTooManyAreRefused() throws Exception {
        ByteString some = ByteString.copyFrom(new byte[10]);
        for (ArtifactChunk bad : List.of(
                ArtifactChunk.newBuilder().setOffset(1).setContent(some).build(),
                ArtifactChunk.newBuilder().setOffset(0).build(),
                ArtifactChunk.newBuilder()
                        .setContent(ByteString.copyFrom(new byte[content.length + 1]))
                        .build(),
                ArtifactChunk.newBuilder()
                        .setContent(ByteString.copyFrom(new byte[Limits.ARTIFACT_CHUNK_BYTES + 1]))
                        .build())) {
            assertTrue(words(run(statement(), chunk(bad))).contains("not the next ones"));
        }
    }

    @Test
    void fullDiskIsToldBeforeAnythingComes() throws Exception {
        ArtifactStatement huge = statement().toBuilder().setBytes(1L << 60).build();
        assertTrue(words(run(huge, source(0))).contains("the disk is full"));
        assertEquals(List.of(), asked);
    }

    @Test
    void folderThatIsNoneIsToldPlainly() throws Exception {
        Download.Outcome outcome = new Download(
                        statement(), folder.resolve("absent").resolve("place"), _ -> {})
                .run(List.of(source(0)), THREE);
        assertTrue(words(outcome).contains("cannot be written"), words(outcome));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
