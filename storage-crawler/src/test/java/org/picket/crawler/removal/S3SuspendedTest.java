package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.picket.crawler.source.S3Connection;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;

/// Purges from a bucket that keeps versions no more, where markers and uploads take the place of what was there.
class S3SuspendedTest {
    private static final String CONTENT = "a harmless picture";
    private static final String OLDER = "an older one";
    private static final String NEWER = "a newer upload";

    @TempDir
    private Path base;

    private SuspendedServer server;
    private S3Connection bucket;

    @BeforeEach
    void start() throws IOException {
        server = new SuspendedServer();
        bucket = server.connect();
    }

    @AfterEach
    void stop() {
        bucket.close();
        server.close();
    }

    @Test
    void whatCameWhileVersionsWereKeptIsPurgedAndHidesWhatIsOlder() {
        server.kept("1", OLDER).kept("2", CONTENT);
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(purge("2")));
        assertEquals(List.of("-", OLDER), server.all());
    }

    @Test
    void whatCameSinceIsPurgedByTheMarkerThatTakesItsPlace() {
        server.kept("1", OLDER).put(CONTENT);
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(purge("null")));
        assertEquals(List.of("-", OLDER), server.all());
    }

    @Test
    void whatStandsAloneLeavesNothing() {
        server.kept("1", CONTENT).kept("2", CONTENT);
        assertEquals(purged(Outcome.Assurance.EXACT), carryOut(purge("2")));
        assertEquals(List.of(), server.all());
        server.put(CONTENT);
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(again("null")));
        assertEquals(List.of(), server.all());
    }

    @Test
    void anUploadThatTookThePlaceOfTheOrderedOneIsNeverTouched() {
        server.kept("1", OLDER).put(NEWER);
        assertEquals(new Outcome.Refused(RefusalReason.CHANGED), carryOut(purge("null")));
        assertEquals(List.of(NEWER, OLDER), server.all());
    }

    @Test
    void whatTheMarkerDestroyedIsNotTakenBack() throws IOException {
        server.kept("1", OLDER).put(CONTENT);
        cutShort(purge("null"));
        assertEquals(List.of("-", OLDER), server.all());
        assertFalse(withdraw(purge("null")));
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(purge("null")));
        assertEquals(List.of("-", OLDER), server.all());
    }

    @Test
    void whatTheMarkerOnlyHidIsTakenBack() throws IOException {
        server.kept("1", OLDER).kept("2", CONTENT);
        cutShort(purge("2"));
        assertEquals(List.of("-", CONTENT, OLDER), server.all());
        assertTrue(withdraw(purge("2")));
        assertEquals(Optional.of(CONTENT), server.served());
        assertEquals(List.of(CONTENT, OLDER), server.all());
    }

    @Test
    void anUploadThatTookThePlaceOfTheMarkerStays() throws IOException {
        server.kept("1", OLDER).kept("2", CONTENT);
        cutShort(purge("2"));
        server.put(NEWER);
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(purge("2")));
        assertEquals(List.of(NEWER, OLDER), server.all());
    }

    /// A deletion takes the place, and the name, of the order's marker.
    @Test
    void aDeletionOfTheSitesThatTookThePlaceOfTheMarkerStands() throws IOException {
        server.kept("1", OLDER).kept("2", CONTENT);
        cutShort(purge("2"));
        server.at(FolderFixture.NOW.plus(Duration.ofHours(3))).delete();
        assertTrue(withdraw(purge("2")));
        assertEquals(List.of("-", CONTENT, OLDER), server.all());
    }

    /// A marker would take its place, and nobody ordered that.
    @ParameterizedTest
    @ValueSource(strings = {OLDER, "a harmless pixture"})
    void whatCameBeforeVersionsWereKeptIsNeverReplaced(String other) {
        server.put(other).kept("2", CONTENT);
        assertEquals(purged(Outcome.Assurance.EXACT), carryOut(purge("2")));
        assertEquals(List.of(other), server.all());
    }

    @Test
    void whatCameBeforeVersionsWereKeptStaysBelowWhatHidIt() {
        server.put(OLDER).keptMarker("1").kept("2", CONTENT);
        assertEquals(purged(Outcome.Assurance.EXACT), carryOut(purge("2")));
        assertEquals(List.of("-", OLDER), server.all());
        assertEquals(Optional.empty(), server.served());
    }

    /// It would have been taken away all the same.
    @Test
    void aCopyFromBeforeVersionsWereKeptIsReplacedByTheMarker() {
        server.put(CONTENT).kept("1", OLDER).kept("2", CONTENT);
        assertEquals(purged(Outcome.Assurance.RECHECKED), carryOut(purge("2")));
        assertEquals(List.of("-", OLDER), server.all());
    }

    /// Stopped once the marker is laid.
    private void cutShort(RemovalOrder order) throws IOException {
        Path stop = base.resolve("STOP");
        server.beforeDeletion(() -> {
            try {
                Files.createFile(stop);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Outcome.Failed failed = (Outcome.Failed) carryOut(order);
        assertTrue(failed.retryable(), failed.reason());
        Files.delete(stop);
    }

    private static Outcome purged(Outcome.Assurance assurance) {
        return new Outcome.Purged(assurance);
    }

    private S3Removals open() {
        return S3Removals.open(bucket, rules(), base.resolve("removals"), () -> FolderFixture.NOW);
    }

    private Outcome carryOut(RemovalOrder order) {
        try (S3Removals removals = open()) {
            return removals.carryOut(order, FolderFixture.NOW);
        }
    }

    private boolean withdraw(RemovalOrder order) {
        try (S3Removals removals = open()) {
            return removals.withdraw(order);
        }
    }

    private SiteRules rules() {
        return new SiteRules(EnumSet.allOf(RemovalAction.class), 1_000, base.resolve("STOP"));
    }

    private static RemovalOrder purge(String version) {
        return purge(1, version);
    }

    /// Another order.
    private static RemovalOrder again(String version) {
        return purge(2, version);
    }

    private static RemovalOrder purge(long number, String version) {
        return new RemovalOrder(
                new OrderId(new UUID(11, number)),
                new FindingId(number),
                RemovalAction.PURGE,
                SuspendedServer.KEY,
                version,
                Digest.of(CONTENT.getBytes(StandardCharsets.UTF_8)),
                CONTENT.length(),
                Optional.empty());
    }
}
