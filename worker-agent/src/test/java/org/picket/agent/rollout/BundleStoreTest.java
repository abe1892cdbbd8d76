package org.picket.agent.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.proto.seal.Digest;

class BundleStoreTest {
    private static final int BYTES = 100;
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private BundleStore store;

    @BeforeEach
    void threeBundlesOfWhichTheFirstWasUsedLast() throws IOException {
        store = new BundleStore(folder, 3 * BYTES);
        for (int number = 0; number < 3; number++) {
            Files.write(store.place(digest(number)), new byte[BYTES]);
            store.used(digest(number), DAY.minusSeconds(number));
        }
    }

    private static ByteString digest(int number) {
        return Digest.of(new byte[] {(byte) number}).bytes();
    }

    private List<Integer> kept() {
        return IntStream.range(0, 3)
                .filter(number -> Files.exists(store.place(digest(number))))
                .boxed()
                .toList();
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        assertEquals(Optional.empty(), store.room(digest(9), BYTES, Set.of()));
        assertEquals(List.of(0, 1), kept());
    }

    @Test
    void whatIsInUseStaysThoughItIsTheOldest() {
        assertEquals(Optional.empty(), store.room(digest(9), BYTES, Set.of(digest(2))));
        assertEquals(List.of(0, 2), kept());
    }

    @Test
    void thereIsNoRoomWhereAllIsInUse() {
        Optional<String> why = store.room(digest(9), BYTES, Set.of(digest(0), digest(1), digest(2)));
        assertTrue(why.orElseThrow().contains("agent.bundle-space"));
        assertEquals(List.of(0, 1, 2), kept());
    }

    @Test
    void whatIsLeftOfOtherDownloadsGoesBeforeAnyBundle() throws IOException {
        Path left = Files.write(folder.resolve("ab.part"), new byte[BYTES]);
        Files.delete(store.place(digest(1)));
        assertEquals(Optional.empty(), store.room(digest(9), BYTES, Set.of()));
        assertEquals(List.of(0, 2), kept());
        assertTrue(Files.notExists(left));
    }

    @Test
    void whatHasComeOfItselfStaysAndCountsOnce() throws IOException {
        String own = java.util.HexFormat.of().formatHex(digest(9).toByteArray());
        Path part = Files.write(folder.resolve(own + ".part"), new byte[BYTES]);
        assertEquals(Optional.empty(), store.room(digest(9), BYTES, Set.of()));
        assertEquals(List.of(0, 1), kept());
        assertTrue(Files.exists(part));
    }

    @Test
    void otherFilesAreLeftAlone() throws IOException {
        Path other = Files.write(folder.resolve("letter.txt"), new byte[10 * BYTES]);
        assertEquals(Optional.empty(), store.room(digest(9), BYTES, Set.of()));
        assertTrue(Files.exists(other));
    }
}
