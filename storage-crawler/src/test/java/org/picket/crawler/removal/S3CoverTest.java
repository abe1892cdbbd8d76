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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
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
import org.picket.runtime.time.TimeSource;

/// The markers that orders lay, and what becomes of them when a crawler is killed in between.
class S3CoverTest {

    private static final String KEY = "ab/picture.jpg";
    private static final String CONTENT = "a harmless picture";
    private static final String OLDER = "an older one";
    private static final String NEWER = "a newer upload";

    private static final Duration HOURS = Duration.ofHours(3);

    @TempDir
    private Path base;

    private long orders;

    /// Why a marker was never laid that an order was about to lay.
    private enum Missed {
        STOPPED,
        REFUSED,
        OUTAGE
    }

    /// The order is withdrawn long after the site's user deleted the picture.
    @ParameterizedTest
    @EnumSource
    void aDeletionOfTheSitesLongAfterAMarkerThatWasNeverLaidStands(Missed missed) throws IOException {
        try (S3Connection bucket = bucket()) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            missTheMarker(bucket, order, missed);
            assertEquals(Optional.of(CONTENT), S3Server.get(bucket, KEY));
            S3Server.delete(bucket, KEY);
            assertTrue(withdraw(bucket, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertEquals(1, markers(bucket));
        }
    }

    /// The same of an order that is carried out after all, and of another picture.
    @ParameterizedTest
    @EnumSource
    void whatTheSiteDeletedLongAfterAMarkerThatWasNeverLaidStaysSo(Missed missed) throws IOException {
        try (S3Connection bucket = bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            missTheMarker(bucket, order, missed);
            S3Server.put(bucket, KEY, NEWER);
            S3Server.delete(bucket, KEY);
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertEquals(List.of(NEWER.length(), OLDER.length()), sizes(bucket));
        }
    }

    /// Carries an order out, hours ago, until its marker is to be laid.
    private void missTheMarker(S3Connection bucket, RemovalOrder order, Missed missed) throws IOException {
        try (FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            switch (missed) {
                case STOPPED ->
                    server.next("GET", "versions", FaultyServer.passedOn(bucket, () -> {}, () -> {}))
                            .next("GET", "versions", FaultyServer.passedOn(bucket, () -> {}, this::stop));
                case REFUSED -> server.next("DELETE", KEY, FaultyServer.status(403));
                case OUTAGE -> {
                    for (int attempt = 0; attempt < 3; attempt++) {
                        server.next("DELETE", KEY, FaultyServer.status(503));
                    }
                }
            }
            TimeSource hoursAgo = () -> TimeSource.wall().now().minus(HOURS);
            try (S3Removals removals = S3Removals.open(faulty, rules(), base.resolve("removals"), hoursAgo)) {
                assertInstanceOf(Outcome.Failed.class, removals.carryOut(order, FolderFixture.NOW));
            }
        }
        Files.deleteIfExists(base.resolve("STOP"));
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
