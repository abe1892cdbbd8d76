package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.crawler.source.Pages.all;
import static org.picket.crawler.source.Pages.keys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same expectations of three real servers.
class S3BucketTest {

    private static final long MAX_BYTES = 1_000;

    @ParameterizedTest
    @EnumSource
    void listsManyPagesInOrderAndResumesAnywhere(S3Server.Kind kind) {
        try (S3Connection below = S3Server.shared(kind).bucket("pages", "below/");
                S3Bucket bucket = new S3Bucket(below)) {
            try (S3Connection connection =
                    S3Server.connect(location(below, below.location().name()))) {
                S3Server.put(connection, "above", "x");
                S3Server.put(connection, "beside/x", "x");
                S3Server.put(connection, "below/" + PrivatePrefix.key("hidden one"), "x");
                S3Server.put(
                        connection,
                        "below/a/"
                                + PrivatePrefix.key(
                                        UUID.nameUUIDFromBytes(new byte[1]).toString()),
                        "x");
                IntStream.range(0, 120)
                        .parallel()
                        .forEach(i -> S3Server.put(connection, "below/k" + (1_000 + i), "x" + i));
            }
            List<ObjectReference> whole = all(bucket, Source.MAX_PAGE);
            assertEquals(
                    IntStream.range(0, 120).mapToObj(i -> "k" + (1_000 + i)).toList(), keys(whole));
            assertEquals(whole, all(bucket, 25));
            assertEquals(
                    List.of(new Gap(PrivatePrefix.key("hidden%20one"), Gap.Kind.PRIVATE_PLACE)),
                    bucket.gaps().first());
            assertEquals(1, bucket.gaps().unseen());
            List<ObjectReference> range = new ArrayList<>();
            bucket.range(Scope.ALL, "k1010", "k1090").forEachRemaining(range::add);
            assertEquals(whole.subList(10, 91), range);
            ListPage page = bucket.list(Scope.ALL, Optional.of("k1050x"), 1);
            assertEquals("k1051", page.objects().getFirst().key());
        }
    }

    /// Between any two pages some go, before and behind the last key told, and others come.
    @ParameterizedTest
    @EnumSource
    void whatStaysIsListedOnceThoughOthersComeAndGoBetweenPages(S3Server.Kind kind) {
        try (S3Connection connection = S3Server.shared(kind).bucket("moving", "");
                S3Bucket bucket = new S3Bucket(connection)) {
            List<String> stay =
                    IntStream.range(0, 20).mapToObj("k%02d"::formatted).toList();
            for (String key : stay) {
                S3Server.put(connection, key, "x");
                S3Server.put(connection, key + " goes", "x");
            }
            List<String> found = new ArrayList<>();
            Optional<String> after = Optional.empty();
            do {
                ListPage page = bucket.list(Scope.ALL, after, 3);
                found.addAll(keys(page.objects()));
                after = page.next();
                S3Server.put(connection, "k00 comes " + found.size(), "x");
                after.ifPresent(last -> S3Server.put(connection, last + " comes", "x"));
                for (String key : List.of(found.getLast(), stay.get(Math.min(19, found.size() / 2)) + " goes")) {
                    if (!stay.contains(key)) {
                        S3Server.delete(connection, key);
                    }
                }
            } while (after.isPresent());
            assertEquals(found.stream().sorted().distinct().toList(), found);
            assertEquals(stay, found.stream().filter(stay::contains).toList());
            assertTrue(found.stream().anyMatch(key -> key.endsWith("comes")), "nothing came");
            assertTrue(found.stream().filter(key -> key.endsWith("goes")).count() < 20, "nothing went");
        }
    }

    /// Each page of the server holds one key, and the first ones none that is listed.
    @ParameterizedTest
    @EnumSource
    void listsWhatComesAfterItsOwnNameAndWhatIsKeptApart(S3Server.Kind kind) {
        try (S3Connection below = S3Server.shared(kind).bucket("apart", "below/");
                S3Bucket bucket = new S3Bucket(below)) {
            S3Server.put(below, "", "");
            S3Server.put(below, "", "");
            for (int kept = 0; kept < 20; kept++) {
                S3Server.put(below, PrivatePrefix.key(new UUID(0, kept).toString()), "x");
            }
            List<String> live = List.of("a", "b");
            live.forEach(key -> S3Server.put(below, key, "x"));
            assertEquals(live, keys(all(bucket, 1)));
            assertEquals(live, keys(all(bucket, Source.MAX_PAGE)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsKeysThatNeedCare(S3Server.Kind kind) {
        List<String> keys = List.of("a b+c", "a&<b>", "a/%41", "a=\u00e9", "z\ud83d\ude00");
        try (S3Connection connection = S3Server.shared(kind).bucket("names", "");
                S3Bucket bucket = new S3Bucket(connection)) {
            keys.forEach(key -> S3Server.put(connection, key, key));
            assertEquals(keys, keys(all(bucket, 2)));
            for (ObjectReference listed : all(bucket, 2)) {
                Fetched.Content content = assertInstanceOf(Fetched.Content.class, bucket.fetch(listed, MAX_BYTES));
                assertArrayEquals(listed.key().getBytes(StandardCharsets.UTF_8), content.bytes());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesTheListedVersionOrSaysWhatHappened(S3Server.Kind kind) {
        try (S3Connection connection = S3Server.shared(kind).bucket("fetch", "");
                S3Bucket bucket = new S3Bucket(connection)) {
            S3Server.put(connection, "kept", "first");
            S3Server.put(connection, "gone", "first");
            S3Server.put(connection, "replaced", "first");
            List<ObjectReference> listed = all(bucket, 10);
            S3Server.delete(connection, "gone");
            S3Server.put(connection, "replaced", "second one");
            assertEquals(new Fetched.TooLarge(5), bucket.fetch(listed.get(1), 4));
            Fetched.Content kept = assertInstanceOf(Fetched.Content.class, bucket.fetch(listed.get(1), MAX_BYTES));
            assertArrayEquals("first".getBytes(StandardCharsets.UTF_8), kept.bytes());
            if (kind.versioned()) {
                // The version that was listed is still there, under the marker and under the new one.
                assertInstanceOf(Fetched.Content.class, bucket.fetch(listed.get(0), MAX_BYTES));
                assertInstanceOf(Fetched.Content.class, bucket.fetch(listed.get(2), MAX_BYTES));
                List<ObjectReference> now = all(bucket, 10);
                assertEquals(List.of("kept", "replaced"), keys(now));
                assertFalse(now.contains(listed.get(2)));
            } else {
                assertEquals(new Fetched.Gone(), bucket.fetch(listed.get(0), MAX_BYTES));
                Fetched.Changed changed =
                        assertInstanceOf(Fetched.Changed.class, bucket.fetch(listed.get(2), MAX_BYTES));
                assertEquals(10, changed.now().sizeBytes());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissingBucketIsNamed(S3Server.Kind kind) {
        try (S3Connection present = S3Server.shared(kind).bucket("present", "")) {
            SourceLocation.Bucket missing = location(present, "absent");
            SourceException refused = assertThrows(
                    SourceException.class,
                    () -> new S3Bucket(S3Server.connect(missing)).list(Scope.ALL, Optional.empty(), 1));
            assertTrue(refused.getMessage().contains("absent"), refused.getMessage());
            assertFalse(refused.getMessage().contains("localsecret"));
        }
    }

    private static SourceLocation.Bucket location(S3Connection like, String name) {
        return new SourceLocation.Bucket(name, "", like.location().options());
    }
}
