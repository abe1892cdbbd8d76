package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceLocationTest {

    @Test
    void readsFoldersAndBuckets() {
        assertEquals(
                new SourceLocation.Directory(Path.of("/srv/files")), SourceLocation.parse("/srv/files", S3Options.AWS));
        assertEquals(
                new SourceLocation.Bucket("pictrs", "", S3Options.AWS),
                SourceLocation.parse("s3://pictrs", S3Options.AWS));
        assertEquals(
                new SourceLocation.Bucket("pictrs", "a/b/", S3Options.AWS),
                SourceLocation.parse("s3://pictrs/a/b", S3Options.AWS));
    }

    @Test
    void namesAStorageWithoutDependingOnHowItIsReached() {
        S3Options plain = S3Options.at(URI.create("https://S3.Example.org"));
        S3Options more = new S3Options(plain.endpoint(), Optional.of("eu"), Optional.of(false));
        assertEquals(
                "s3:s3.example.org/pictrs/a/",
                SourceLocation.parse("s3://pictrs/a", plain).storageId());
        assertEquals(
                "s3:s3.example.org/pictrs/a/",
                SourceLocation.parse("s3://pictrs/a/", more).storageId());
        assertEquals(
                "s3:amazonaws.com/pictrs/",
                SourceLocation.parse("s3://pictrs/", S3Options.AWS).storageId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://s3.example.org",
                "https://s3.example.org/",
                "https://s3.example.org:443",
                "https://s3.example.org:443/",
                "https://s3.example.org:",
                "HTTPS://S3.Example.ORG:443",
                "http://s3.example.org:80",
                "Http://s3.example.org:80/",
            })
    void namesAStorageWithoutThePortThatItsSchemeHasAnyway(String endpoint) {
        SourceLocation named = SourceLocation.parse("s3://pictrs/a", S3Options.at(URI.create(endpoint)));
        SourceLocation usual =
                SourceLocation.parse("s3://pictrs/a", S3Options.at(URI.create("https://s3.example.org")));
        assertEquals("s3:s3.example.org/pictrs/a/", named.storageId());
        assertTrue(named.holds(usual) && usual.holds(named));
    }

    @ParameterizedTest
    @CsvSource({
        "https://s3.example.org:80, s3:s3.example.org:80/pictrs/",
        "http://s3.example.org:443, s3:s3.example.org:443/pictrs/",
        "http://s3.example.org:9000, s3:s3.example.org:9000/pictrs/",
        "http://[::1]:80, s3:[::1]/pictrs/",
        "https://s3.example.org:8443/, s3:s3.example.org:8443/pictrs/",
    })
    void namesTheServerWithThePortThatIsNotTheUsualOne(String endpoint, String identity) {
        assertEquals(
                identity,
                SourceLocation.parse("s3://pictrs", S3Options.at(URI.create(endpoint)))
                        .storageId());
    }

    @Test
    void answersToTheNameThatItHadWithItsPort() {
        SourceLocation bucket = SourceLocation.parse("s3://pictrs", S3Options.at(URI.create("https://s3.example.org")));
        assertTrue(bucket.isCalled("s3:s3.example.org/pictrs/"));
        assertTrue(bucket.isCalled("s3:s3.example.org:443/pictrs/"));
        assertFalse(bucket.isCalled("s3:s3.example.org:80/pictrs/"));
        assertFalse(bucket.isCalled("s3:s3.example.org:443/pictrs2/"));
        SourceLocation other =
                SourceLocation.parse("s3://pictrs", S3Options.at(URI.create("https://s3.example.org:9000")));
        assertFalse(other.isCalled("s3:s3.example.org:443/pictrs/"));
        assertFalse(other.isCalled("s3:s3.example.org/pictrs/"));
        assertTrue(location("s3://pictrs").isCalled("s3:amazonaws.com/pictrs/"));
        assertTrue(location("/srv/files").isCalled(location("/srv/files").storageId()));
    }

    @Test
    void holdsWhatLiesInIt() {
        assertTrue(location("/srv/files").holds(location("/srv/files/../files/a")));
        assertTrue(location("/srv/files").holds(location("/srv/files")));
        assertFalse(location("/srv/files").holds(location("/srv/files-2")));
        assertFalse(location("/srv/files/a").holds(location("/srv/files")));
        assertTrue(location("s3://pictrs").holds(location("s3://pictrs/a")));
        assertFalse(location("s3://pictrs/a").holds(location("s3://pictrs/ab")));
        assertFalse(location("s3://pictrs").holds(location("s3://pictrs2/a")));
        assertFalse(location("s3://pictrs").holds(location("/srv/files")));
        assertFalse(location("/srv/files").holds(location("s3://pictrs")));
    }

    @Test
    void folderThatIsNotThereYetIsCalledAsItWillBe(@TempDir Path folder) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("disk")));
        SourceLocation location = location(link.resolve("a/b").toString());
        String before = location.storageId();
        Files.createDirectories(link.resolve("a/b"));
        assertEquals(location.storageId(), before);
        assertTrue(before.endsWith("disk/a/b"), before);
    }

    private static SourceLocation location(String text) {
        return SourceLocation.parse(text, S3Options.AWS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "s3://", "s3://a", "s3:///x", "s3://UPPER!x", "https://example.org/b", "sftp://host/b"})
    void saysWhatIsWrong(String text) {
        SourceException refused = assertThrows(SourceException.class, () -> SourceLocation.parse(text, S3Options.AWS));
        assertTrue(refused.getMessage().contains("s3://BUCKET")
                || refused.getMessage().contains("no name of a bucket"));
    }

    @Test
    void anEndpointWithAPasswordIsRefusedAndNotRepeated() {
        SourceException refused =
                assertThrows(SourceException.class, () -> S3Options.at(URI.create("https://me:secret@s3.example.org")));
        assertFalse(refused.getMessage().contains("secret"));
        assertThrows(SourceException.class, () -> S3Options.at(URI.create("ftp://s3.example.org")));
    }

    @Test
    void pathStyleFollowsTheEndpoint() {
        assertInstanceOf(SourceLocation.Bucket.class, SourceLocation.parse("s3://pictrs", S3Options.AWS));
        assertFalse(S3Options.AWS.namesBucketInPath());
        assertTrue(S3Options.at(URI.create("http://localhost:9000")).namesBucketInPath());
    }
}
