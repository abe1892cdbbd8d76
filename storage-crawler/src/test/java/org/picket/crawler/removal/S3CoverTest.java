package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.picket.crawler.source.FaultyServer;
import org.picket.crawler.source.S3Bucket;
import org.picket.crawler.source.S3Connection;
import org.picket.crawler.source.S3Server;
import org.picket.crawler.source.Scope;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;

/// The markers that orders lay, and what becomes of them when a crawler is killed in between.
class S3CoverTest {

    private static final String KEY = "ab/picture.jpg";
    private static final String CONTENT = "a harmless picture";
    private static final String OLDER = "an older one";
    private static final String NEWER = "a newer upload";

    private static final Instant THEN = FolderFixture.NOW;
    private static final S3Vault.Version EARLIER = marker("earlier", Duration.ofDays(-1));
    private static final S3Vault.Version FIRST = marker("first", Duration.ZERO);
    private static final S3Vault.Version SECOND = marker("second", S3Cover.TRIED_FOR);
    private static final S3Vault.Version LATER = marker("later", S3Cover.TRIED_FOR.plusMillis(1));
    private static final S3Vault.Version UPLOAD = new S3Vault.Version(
            "upload", true, Optional.of(new S3Vault.Stored("upload", 1)), "tag", THEN.plusSeconds(1));

    @TempDir
    private Path base;

    private long orders;

    @Test
    void aMarkerWhoseNameIsKnownIsOursAndThoseOfTriesBefore() {
        assertEquals(List.of(SECOND, FIRST), ours(Optional.of("second"), UPLOAD, LATER, SECOND, FIRST, EARLIER));
        assertEquals(List.of(FIRST), ours(Optional.of("first"), LATER, SECOND, FIRST, EARLIER));
        assertEquals(List.of(), ours(Optional.of("gone"), UPLOAD, LATER, EARLIER));
    }

    @Test
    void ofThoseWithoutANameThoseAreOursThatCameSoonAfterTheFirst() {
        assertEquals(List.of(SECOND, FIRST), ours(Optional.empty(), UPLOAD, LATER, SECOND, FIRST, EARLIER));
        assertEquals(List.of(), ours(Optional.empty(), UPLOAD, EARLIER));
    }

    @Test
    void aRecordRemembersACoverUntilItIsAwayAgain() throws IOException {
        Path file = base.resolve("order");
        OrderRecord record = OrderRecord.read(file);
        record.cover(Set.of("b", "a"));
        record.cover(Set.of("a", "b"));
        assertEquals(Optional.of(new OrderRecord.Cover(Set.of("a", "b"), Optional.empty())), reread(file));
        record.covered("an id ?");
        assertEquals(Optional.of(new OrderRecord.Cover(Set.of("a", "b"), Optional.of("an id ?"))), reread(file));
        assertEquals(record.cover(), reread(file));
        record.uncovered();
        assertTrue(record.cover().isEmpty() && reread(file).isEmpty());
    }

    /// What became of the answer to the marker before the crawler ended.
    private enum Answer {
        CAME,
        /// Nobody knows the marker's name.
        LOST
    }

    @ParameterizedTest
    @EnumSource
    void whatAPurgeOnlyHidIsInSightAgainOnceItIsAllowed(Answer answer) throws IOException {
        try (S3Connection bucket = bucket()) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            endAtTheMarker(bucket, order, answer, () -> {});
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertTrue(withdraw(bucket, order));
            assertEquals(Optional.of(CONTENT), S3Server.get(bucket, KEY));
            assertEquals(0, markers(bucket));

            // The receipt of that was lost, and the site deletes what it has again.
            S3Server.delete(bucket, KEY);
            assertTrue(withdraw(bucket, order));
            assertEquals(1, markers(bucket));
            assertEquals(List.of(CONTENT.length(), OLDER.length()), sizes(bucket));
        }
    }

    @Test
    void aMarkerThatIsNotOursIsLeft() throws IOException {
        try (S3Connection bucket = bucket()) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.delete(bucket, KEY);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            endAtTheMarker(bucket, order, Answer.CAME, () -> {});
            S3Server.delete(bucket, KEY);
            assertEquals(3, markers(bucket));
            assertTrue(withdraw(bucket, order));
            assertEquals(2, markers(bucket));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertEquals(List.of(CONTENT.length(), OLDER.length()), sizes(bucket));
        }
    }

    @Test
    void aPurgeThatDestroyedItsContentIsNotTakenBack() throws IOException {
        try (S3Connection bucket = bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> {}, () -> {}));
            server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> {}, this::stop));
            assertInstanceOf(Outcome.Failed.class, carryOut(faulty, order));
            Files.delete(base.resolve("STOP"));
            assertFalse(withdraw(faulty, order));
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
        }
    }

    /// It came just before the marker, and the crawler was killed before it looked once more.
    @ParameterizedTest
    @EnumSource
    void anUploadBelowAMarkerThatAKillLeftComesToLightAgain(Answer answer) throws IOException {
        for (RemovalAction action : List.of(RemovalAction.PURGE, RemovalAction.QUARANTINE)) {
            try (S3Connection bucket = bucket();
                    FaultyServer server = FaultyServer.before(bucket);
                    S3Connection faulty = server.connect(bucket)) {
                S3Server.put(bucket, KEY, OLDER);
                S3Server.put(bucket, KEY, CONTENT);
                RemovalOrder order = order(bucket, action);
                endAtTheMarker(bucket, order, answer, () -> S3Server.put(bucket, KEY, NEWER));
                assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
                carryOut(faulty, order);
                assertEquals(Optional.of(NEWER), S3Server.get(bucket, KEY), action.name());
                assertEquals(List.of(NEWER.length(), OLDER.length()), sizes(bucket), action.name());
            }
        }
    }

    /// The same content once more is no innocent upload.
    @Test
    void theOrderedContentBelowAMarkerThatAKillLeftStaysOutOfSight() throws IOException {
        try (S3Connection bucket = bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            endAtTheMarker(bucket, order, Answer.CAME, () -> S3Server.put(bucket, KEY, CONTENT));
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertEquals(List.of(OLDER.length()), sizes(bucket));
        }
    }

    /// Somebody deleted the newer upload after all, after it was hidden.
    @Test
    void aDeletionAfterTheMarkerStands() throws IOException {
        try (S3Connection bucket = bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            endAtTheMarker(bucket, order, Answer.CAME, () -> S3Server.put(bucket, KEY, NEWER));
            S3Server.delete(bucket, KEY);
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertEquals(List.of(NEWER.length(), OLDER.length()), sizes(bucket));
        }
    }

    private static Optional<OrderRecord.Cover> reread(Path file) throws IOException {
        return OrderRecord.read(file).cover();
    }

    private static List<S3Vault.Version> ours(Optional<String> known, S3Vault.Version... present) {
        return S3Cover.ours(new OrderRecord.Cover(Set.of(S3Cover.mark(EARLIER)), known), List.of(present));
    }

    private static S3Vault.Version marker(String id, Duration after) {
        return new S3Vault.Version(id, false, Optional.empty(), "", THEN.plus(after));
    }

    private static S3Connection bucket() {
        return S3Server.shared(S3Server.Kind.KEEPS_VERSIONS).bucket("cover", "");
    }

    /// Carries an order out until its marker is laid, as a crawler does that is killed then.
    private void endAtTheMarker(S3Connection bucket, RemovalOrder order, Answer answer, FaultyServer.Event before)
            throws IOException {
        try (FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            server.next("DELETE", KEY, exchange -> {
                before.happen();
                FaultyServer.carryOut(bucket, exchange);
                stop();
                switch (answer) {
                    case LOST -> throw new IOException("cut");
                    case CAME -> {
                        exchange.getResponseHeaders().add("x-amz-version-id", newestMarker(bucket));
                        exchange.sendResponseHeaders(204, -1);
                    }
                }
            });
            assertInstanceOf(Outcome.Failed.class, carryOut(faulty, order));
        }
        Files.delete(base.resolve("STOP"));
    }

    private static void assertIsPurge(Outcome outcome) {
        assertInstanceOf(Outcome.Purged.class, outcome, outcome.toString());
    }

    private void stop() throws IOException {
        Files.createFile(base.resolve("STOP"));
    }

    /// s3mock itself answers with the version that a marker hides.
    private static String newestMarker(S3Connection bucket) {
        return new S3Vault(bucket, new KillSwitch(Path.of("none")))
                .versions(KEY).stream()
                        .filter(version -> version.stored().isEmpty())
                        .findFirst()
                        .orElseThrow()
                        .versionId();
    }

    private static long markers(S3Connection bucket) {
        return new S3Vault(bucket, new KillSwitch(Path.of("none")))
                .versions(KEY).stream()
                        .filter(version -> version.stored().isEmpty())
                        .count();
    }

    /// Of all contents at the key, newest first.
    private static List<Integer> sizes(S3Connection bucket) {
        return new S3Vault(bucket, new KillSwitch(Path.of("none")))
                .versions(KEY).stream()
                        .flatMap(version -> version.stored().stream())
                        .map(stored -> (int) stored.sizeBytes())
                        .toList();
    }

    private Outcome carryOut(S3Connection site, RemovalOrder order) {
        try (S3Removals removals = S3Removals.open(site, rules(), base.resolve("removals"))) {
            return removals.carryOut(order, FolderFixture.NOW);
        }
    }

    private boolean withdraw(S3Connection site, RemovalOrder order) {
        try (S3Removals removals = S3Removals.open(site, rules(), base.resolve("removals"))) {
            return removals.withdraw(order);
        }
    }

    private SiteRules rules() {
        return new SiteRules(EnumSet.allOf(RemovalAction.class), 1_000, base.resolve("STOP"));
    }

    /// An order for what is at the key now.
    private RemovalOrder purge(S3Connection bucket) {
        return order(bucket, RemovalAction.PURGE);
    }

    private RemovalOrder order(S3Connection bucket, RemovalAction action) {
        String version = new S3Bucket(bucket)
                .list(Scope.ALL, Optional.empty(), 100)
                .objects()
                .getFirst()
                .version();
        return new RemovalOrder(
                new OrderId(new UUID(10, ++orders)),
                new FindingId(orders),
                action,
                KEY,
                version,
                Digest.of(CONTENT.getBytes(StandardCharsets.UTF_8)),
                CONTENT.length(),
                Optional.empty());
    }
}
