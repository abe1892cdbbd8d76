package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

/// What happens to orders on the way to the server, and beside them.
class S3RemovalFaultsTest {

    private static final String KEY = "ab/picture.jpg";
    private static final String CONTENT = "a harmless picture";
    private static final String OLDER = "an older one";
    private static final String NEWER = "a newer upload";

    /// How a bucket's deletes are made certain.
    private enum Site {
        VERSIONS,
        CONDITIONS,
        NEITHER;

        S3Connection bucket() {
            S3Server.Kind kind = this == NEITHER ? S3Server.Kind.IGNORES_CONDITIONS : S3Server.Kind.KEEPS_VERSIONS;
            return S3Server.shared(kind).bucket("faults", "", this == VERSIONS);
        }
    }

    @TempDir
    private Path base;

    private long orders;

    @ParameterizedTest
    @EnumSource
    void aDeletionWhoseAnswerWasLostIsAPurge(Site site) throws IOException {
        assertPurged(
                site,
                bucket -> FaultyServer.passedOn(bucket, () -> {}, () -> {
                    throw new IOException("cut");
                }));
    }

    @ParameterizedTest
    @EnumSource
    void aDeletionThatMetAnotherChangeIsMadeAgain(Site site) throws IOException {
        assertPurged(site, bucket -> FaultyServer.status(409));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereAnyMoreIsPurged(Site site) throws IOException {
        assertPurged(site, bucket -> afterwards(bucket, FaultyServer.status(404)));
    }

    @ParameterizedTest
    @EnumSource(names = "CONDITIONS")
    void aConditionThatFailsForWantOfTheObjectIsAPurge(Site site) throws IOException {
        assertPurged(site, bucket -> afterwards(bucket, FaultyServer.status(412)));
    }

    @ParameterizedTest
    @EnumSource
    void aConflictThatLastsMayPassLater(Site site) throws IOException {
        try (S3Connection bucket = site.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            for (int attempt = 0; attempt < 3; attempt++) {
                server.next("DELETE", KEY, FaultyServer.status(409));
            }
            Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, carryOut(faulty, order));
            assertTrue(failed.retryable());
            assertFalse(failed.reason().contains("rights"), failed.reason());
            assertEquals(Optional.of(CONTENT), S3Server.get(bucket, KEY));
            assertIsPurge(carryOut(faulty, order));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CONDITIONS")
    void aReplacementJustBeforeTheDeletionIsNeverTouched(Site site) throws IOException {
        try (S3Connection bucket = site.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> S3Server.put(bucket, KEY, NEWER), () -> {}));
            assertEquals(new Outcome.Refused(RefusalReason.CHANGED), carryOut(faulty, order));
            assertEquals(Optional.of(NEWER), S3Server.get(bucket, KEY));
        }
    }

    /// Stopped after each of its deletions in turn, with and without a version that must not come to light.
    @Test
    void whatWasStoppedHalfwayIsCalledPurgedOnlyOnceItIs() throws IOException {
        for (boolean older : List.of(false, true)) {
            for (int deletions = 1; deletions <= (older ? 4 : 3); deletions++) {
                try (S3Connection bucket = Site.VERSIONS.bucket();
                        FaultyServer server = FaultyServer.before(bucket);
                        S3Connection faulty = server.connect(bucket)) {
                    if (older) {
                        S3Server.put(bucket, KEY, OLDER);
                    }
                    for (int copy = 0; copy < 3; copy++) {
                        S3Server.put(bucket, KEY, CONTENT);
                    }
                    RemovalOrder order = purge(bucket);
                    for (int undisturbed = 1; undisturbed < deletions; undisturbed++) {
                        server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> {}, () -> {}));
                    }
                    server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> {}, this::stop));
                    assertInstanceOf(Outcome.Failed.class, carryOut(faulty, order));
                    Files.delete(base.resolve("STOP"));
                    assertIsPurge(carryOut(faulty, order));
                    assertEquals(Optional.empty(), S3Server.get(bucket, KEY), older + " after " + deletions);
                    assertEquals(older ? List.of(OLDER.length()) : List.of(), sizes(bucket));
                }
            }
        }
    }

    @Test
    void anUploadAfterTheLookAtTheVersionsStaysInSight() throws IOException {
        try (S3Connection bucket = Site.VERSIONS.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            for (int looks = 1; looks <= 2; looks++) {
                S3Server.put(bucket, KEY, OLDER);
                S3Server.put(bucket, KEY, CONTENT);
                RemovalOrder order = purge(bucket);
                for (int undisturbed = 1; undisturbed < looks; undisturbed++) {
                    server.next("GET", "versions", FaultyServer.passedOn(bucket, () -> {}, () -> {}));
                }
                server.next(
                        "GET",
                        "versions",
                        FaultyServer.passedOn(bucket, () -> {}, () -> S3Server.put(bucket, KEY, NEWER)));
                assertIsPurge(carryOut(faulty, order));
                assertEquals(Optional.of(NEWER), S3Server.get(bucket, KEY), "after look " + looks);
                assertFalse(sizes(bucket).contains(CONTENT.length()));
            }
        }
    }

    /// The answer to the first of two markers was lost, and the upload was there before both.
    @Test
    void anUploadBelowAMarkerNobodyWasToldOfStaysInSight() throws IOException {
        try (S3Connection bucket = Site.VERSIONS.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, OLDER);
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            server.next("DELETE", KEY, FaultyServer.passedOn(bucket, () -> S3Server.put(bucket, KEY, NEWER), () -> {
                throw new IOException("cut");
            }));
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.of(NEWER), S3Server.get(bucket, KEY));
        }
    }

    /// The rest of the content never comes: only the switch ends the read before the connection's own bound.
    @ParameterizedTest
    @EnumSource
    @Timeout(30)
    void theKillSwitchEndsALongRead(Site site) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (S3Connection bucket = site.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            server.next("GET", KEY, exchange -> {
                piecemeal(exchange, order.version());
                await(over);
            });
            try {
                Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, carryOut(faulty, order));
                assertTrue(failed.reason().contains("STOP"), failed.reason());
                assertTrue(failed.retryable());
            } finally {
                over.countDown();
            }
            assertEquals(Optional.of(CONTENT), S3Server.get(bucket, KEY));
            Files.delete(base.resolve("STOP"));
            assertIsPurge(carryOut(faulty, order));
        }
    }

    /// Sends half the content, throws the switch, and sends one byte more.
    private void piecemeal(HttpExchange exchange, String version) throws IOException {
        byte[] content = CONTENT.getBytes(StandardCharsets.UTF_8);
        int half = content.length / 2;
        exchange.getResponseHeaders().add("ETag", '"' + version + '"');
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content, 0, half);
        exchange.getResponseBody().flush();
        stop();
        exchange.getResponseBody().write(content, half, 1);
        exchange.getResponseBody().flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A way to answer the deletion of an object.
    private interface Fault {
        FaultyServer.Answer on(S3Connection bucket);
    }

    private void assertPurged(Site site, Fault fault) throws IOException {
        try (S3Connection bucket = site.bucket();
                FaultyServer server = FaultyServer.before(bucket);
                S3Connection faulty = server.connect(bucket)) {
            S3Server.put(bucket, KEY, CONTENT);
            RemovalOrder order = purge(bucket);
            server.next("DELETE", KEY, fault.on(bucket));
            assertIsPurge(carryOut(faulty, order));
            assertEquals(Optional.empty(), S3Server.get(bucket, KEY));
            assertInstanceOf(Outcome.AlreadyDone.class, carryOut(faulty, order));
        }
    }

    /// Has the object deleted, and gives another answer than the server's.
    private static FaultyServer.Answer afterwards(S3Connection bucket, FaultyServer.Answer answer) {
        return exchange -> {
            FaultyServer.carryOut(bucket, exchange);
            answer.give(exchange);
        };
    }

    private static void assertIsPurge(Outcome outcome) {
        assertInstanceOf(Outcome.Purged.class, outcome, outcome.toString());
    }

    private void stop() throws IOException {
        Files.createFile(base.resolve("STOP"));
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
        SiteRules rules = new SiteRules(EnumSet.allOf(RemovalAction.class), 1_000, base.resolve("STOP"));
        try (S3Removals removals = S3Removals.open(site, rules, base.resolve("removals"))) {
            return removals.carryOut(order, FolderFixture.NOW);
        }
    }

    /// An order for what is at the key now.
    private RemovalOrder purge(S3Connection bucket) {
        String version = new S3Bucket(bucket)
                .list(Scope.ALL, Optional.empty(), 100)
                .objects()
                .getFirst()
                .version();
        return new RemovalOrder(
                new OrderId(new UUID(10, ++orders)),
                new FindingId(orders),
                RemovalAction.PURGE,
                KEY,
                version,
                Digest.of(CONTENT.getBytes(StandardCharsets.UTF_8)),
                CONTENT.length(),
                Optional.empty());
    }
}
