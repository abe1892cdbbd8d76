package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3FaultsTest {

    private static final int NO_BREAKER = 1_000;
    private static final int ATTEMPTS = 4;
    private static final ObjectReference LISTED = new ObjectReference(
            "key", FaultyServer.TAG, FaultyServer.CONTENT.length(), Instant.parse("2026-11-21T06:00:00Z"));

    private FaultyServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new FaultyServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void everyPassingFaultIsRetriedUntilTheWholeObjectCame() {
        server.next(FaultyServer.status(500)).next(FaultyServer::truncated).next(FaultyServer::shorter);
        assertWhole(ATTEMPTS);
        server.next(FaultyServer.throttled(0)).next(FaultyServer.status(503)).next(server.silent());
        assertWhole(ATTEMPTS);
        server.next(FaultyServer.status(409));
        assertWhole(2);
    }

    @Test
    void whatNeverPassesEndsAfterTheLastAttemptWithItsReason() {
        assertEquals(Fetched.Reason.STORAGE_FAULT, reasonOf(FaultyServer.status(500)));
        assertEquals(Fetched.Reason.STORAGE_FAULT, reasonOf(FaultyServer.status(409)));
        assertEquals(Fetched.Reason.THROTTLED, reasonOf(FaultyServer.throttled(0)));
        assertEquals(Fetched.Reason.WRONG_LENGTH, reasonOf(FaultyServer::truncated));
        assertEquals(Fetched.Reason.WRONG_LENGTH, reasonOf(FaultyServer::shorter));
        assertEquals(Fetched.Reason.TIMED_OUT, reasonOf(server.silent()));
    }

    @Test
    void aRefusalIsNotRetried() {
        try (S3Bucket bucket = server.bucket(ATTEMPTS, NO_BREAKER)) {
            server.next(FaultyServer.status(404));
            assertEquals(new Fetched.Gone(), bucket.fetch(LISTED, 100));
            server.next(FaultyServer.status(403));
            assertEquals(new Fetched.Unreachable(Fetched.Reason.PERMISSION_DENIED), bucket.fetch(LISTED, 100));
            server.next(FaultyServer.status(400));
            assertEquals(new Fetched.Unreachable(Fetched.Reason.REFUSED), bucket.fetch(LISTED, 100));
            assertEquals(3, server.requests());
        }
    }

    @Test
    void aServerThatIgnoresTheConditionIsNotBelieved() {
        try (S3Bucket bucket = server.bucket(ATTEMPTS, NO_BREAKER)) {
            server.next(FaultyServer::anotherTag);
            Fetched.Changed changed = assertInstanceOf(Fetched.Changed.class, bucket.fetch(LISTED, 100));
            assertEquals("other", changed.now().version());
        }
    }

    @Test
    void retryAfterIsHeededWithinTheLongestWait() {
        try (S3Bucket bucket = server.bucket(2, NO_BREAKER)) {
            server.next(FaultyServer.throttled(3_600));
            long start = System.nanoTime();
            assertInstanceOf(Fetched.Content.class, bucket.fetch(LISTED, 100));
            long waitedMillis = (System.nanoTime() - start) / 1_000_000;
            // Without the header the wait would be a millisecond; with all of it, an hour.
            assertTrue(waitedMillis >= 50, "waited " + waitedMillis);
        }
    }

    @Test
    void anOpenBreakerSparesTheServer() {
        try (S3Bucket bucket = server.bucket(1, 10)) {
            for (int i = 0; i < 10; i++) {
                server.next(FaultyServer.status(500));
                bucket.fetch(LISTED, 100);
            }
            assertEquals(10, server.requests());
            Fetched spared = bucket.fetch(LISTED, 100);
            if (server.requests() == 10) {
                assertTrue(assertInstanceOf(Fetched.Unreachable.class, spared)
                        .reason()
                        .worthRetrying());
            }
        }
        // With attempts to spare, a call waits until the breaker lets it through.
        try (S3Bucket bucket = server.bucket(ATTEMPTS * 3, 10)) {
            for (int i = 0; i < 10; i++) {
                server.next(FaultyServer.status(500));
            }
            assertInstanceOf(Fetched.Content.class, bucket.fetch(LISTED, 100));
        }
    }

    /// The longest wait between two attempts is a quarter of what this rate makes each wait.
    @Test
    void aCallThatWaitsForTheLimitHasNotFailed() {
        try (S3Bucket bucket = server.bucket(1, 2, 5)) {
            for (int i = 0; i < 4; i++) {
                assertInstanceOf(Fetched.Content.class, bucket.fetch(LISTED, 100));
            }
            assertEquals(4, server.requests());
        }
    }

    @Test
    void theLimitIsThatManyCallsASecondHoweverFew() {
        for (int calls : List.of(1, 3, 7, 10, 15, 999, 1_000, 10_000)) {
            RateLimiterConfig rate = S3Calls.rate(calls);
            double period = rate.getLimitRefreshPeriod().toNanos() / 1e9;
            assertEquals(calls, rate.getLimitForPeriod() / period, calls * 1e-6);
            assertTrue(rate.getLimitForPeriod() <= Math.max(1, calls / 10), "not all of a second's at once");
        }
    }

    @Test
    void aListingThatCannotBeReadSaysSoWithoutSecrets() {
        try (S3Bucket bucket = server.bucket(1, NO_BREAKER)) {
            server.next(FaultyServer.status(500));
            SourceException failed =
                    assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.empty(), 10));
            assertTrue(failed.getMessage().contains("STORAGE_FAULT"));
            assertFalse(failed.getMessage().contains("localsecret"));
        }
    }

    @Test
    void aListingThatRepeatsItselfOrIsOutOfOrderEndsTheScan() {
        try (S3Bucket bucket = server.bucket(1, NO_BREAKER)) {
            server.next(FaultyServer.page("a", "b")).next(FaultyServer.page("a", "b"));
            ListPage first = bucket.list(Scope.ALL, Optional.empty(), 2);
            assertEquals(Optional.of("b"), first.next());
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, first.next(), 2));
            server.next(FaultyServer.page("b", "a"));
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.empty(), 2));
        }
    }

    @Test
    void aPageThatSaysThatMoreFollowsAndGivesNothingIsNotTheEnd() {
        try (S3Bucket bucket = server.bucket(1, NO_BREAKER)) {
            server.next(FaultyServer.page());
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.empty(), 10));
            server.next(FaultyServer.page());
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.of("a"), 10));
            server.next(FaultyServer.pageOfNone("more")).next(FaultyServer.pageOfNone("more"));
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.empty(), 10));

            server.next(FaultyServer.pageOfNone("more"))
                    .next("GET", "continuation-token=more", FaultyServer.pageOfNone("still more"))
                    .next("GET", "continuation-token=still%20more", FaultyServer.lastPage("a", "b"));
            assertEquals(List.of("a", "b"), Pages.keys(Pages.all(bucket, 10)));
        }
    }

    @Test
    void aPageOfVersionsThatGivesNoKeySaysWhereToGoOn() {
        try (S3Bucket bucket = server.bucketWithVersions()) {
            String none = "<ListVersionsResult><IsTruncated>true</IsTruncated>%s</ListVersionsResult>";
            server.next(FaultyServer.xml(none.formatted("")));
            assertThrows(SourceException.class, () -> bucket.list(Scope.ALL, Optional.empty(), 10));
            String until = "<NextKeyMarker>%s</NextKeyMarker>";
            server.next(FaultyServer.xml(none.formatted(until.formatted("below/"))))
                    .next("GET", "key-marker=below%2F&", FaultyServer.xml(none.formatted(until.formatted("below/k"))))
                    .next("GET", "key-marker=below%2Fk&", FaultyServer.xml("""
                            <ListVersionsResult><IsTruncated>false</IsTruncated><Version><Key>below/m</Key>
                            <VersionId>1</VersionId><IsLatest>true</IsLatest><ETag>t</ETag><Size>1</Size>
                            <LastModified>2026-11-21T06:00:00Z</LastModified></Version></ListVersionsResult>"""));
            assertEquals(List.of("m"), Pages.keys(Pages.all(bucket, 10)));
        }
    }

    @Test
    void whatIsKeptApartDoesNotEndAListing() {
        try (S3Bucket bucket = server.bucket(1, NO_BREAKER)) {
            int pages = 18;
            for (int page = 0; page < pages; page++) {
                long first = (long) page * Source.MAX_PAGE;
                server.next(FaultyServer.page(LongStream.range(first, first + Source.MAX_PAGE)
                        .mapToObj(kept -> PrivatePrefix.key(new UUID(0, kept).toString()))
                        .toArray(String[]::new)));
            }
            server.next(FaultyServer.lastPage("a", "b"));
            assertEquals(List.of("a", "b"), Pages.keys(Pages.all(bucket, Source.MAX_PAGE)));
            assertEquals(pages + 1, server.requests());
        }
    }

    private void assertWhole(int attempts) {
        try (S3Bucket bucket = server.bucket(attempts, NO_BREAKER)) {
            Fetched.Content content = assertInstanceOf(Fetched.Content.class, bucket.fetch(LISTED, 100));
            assertArrayEquals(FaultyServer.CONTENT.getBytes(StandardCharsets.UTF_8), content.bytes());
        }
    }

    private Fetched.Reason reasonOf(FaultyServer.Answer answer) {
        int before = server.requests();
        try (S3Bucket bucket = server.bucket(2, NO_BREAKER)) {
            server.next(answer).next(answer);
            Fetched.Reason reason = assertInstanceOf(Fetched.Unreachable.class, bucket.fetch(LISTED, 100))
                    .reason();
            assertEquals(before + 2, server.requests());
            return reason;
        }
    }
}
