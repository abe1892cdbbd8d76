package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.picket.crawler.source.Pages.all;
import static org.picket.crawler.source.Pages.keys;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.proto.key.KeyOrder;

class FolderTest {

    private static final long MAX_BYTES = 1_000;
    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path base;

    private Path root;
    private Path data;

    @BeforeEach
    void makeFolder() throws IOException {
        root = Files.createDirectory(base.resolve("files"));
        data = Files.createDirectory(base.resolve("data"));
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() throws IOException {
        List<String> keys = List.of("a-b", "a.b/c", "a/b", "a/\u00e9", "a0", "b/\uffe6", "b/\ud83d\ude00", "\ufffd");
        for (String key : keys.reversed()) {
            put(key, key);
        }
        assertEquals(keys, keys(all(open(), 3)));
    }

    @Test
    void mergesManyRunsInSeveralPassesAndResumesAfterEveryKey() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 700; i++) {
            put("d" + random.nextInt(20) + "/" + Long.toHexString(random.nextLong()), "x");
        }
        Folder folder = Folder.open(root, data, new IndexBuilder.Bounds(16, 300, 3));
        List<ObjectReference> whole = all(folder, Source.MAX_PAGE);
        assertEquals(700, whole.size());
        assertEquals(keys(whole).stream().sorted(KeyOrder.BY_UTF8_BYTES).toList(), keys(whole));
        assertEquals(whole, all(folder, 7));
        for (int i = 0; i < whole.size(); i += 13) {
            ListPage page = folder.list(Scope.ALL, Optional.of(whole.get(i).key()), 1);
            assertEquals(whole.subList(i + 1, Math.min(i + 2, whole.size())), page.objects());
        }
        try (var left = Files.list(data)) {
            assertEquals(1, left.count(), "only the index stays");
        }
    }

    @Test
    void aRangeHasBothItsEnds() throws IOException {
        for (int i = 100; i < 200; i++) {
            put("k" + i, "x");
        }
        List<String> found = new ArrayList<>();
        open().range(Scope.ALL, "k120", "k139").forEachRemaining(object -> found.add(object.key()));
        assertEquals(20, found.size());
        assertEquals("k120", found.getFirst());
        assertEquals("k139", found.getLast());
    }

    @Test
    void aScopeLeavesOutWhatIsOlder() throws IOException {
        put("new", "x");
        Files.setLastModifiedTime(put("old", "x"), FileTime.from(EARLY.minusSeconds(1)));
        ListPage page = open().list(Scope.since(EARLY), Optional.empty(), 10);
        assertEquals(List.of("new"), keys(page.objects()));
    }

    @Test
    void absurdTimeOfModificationIsBroughtIntoTheRangeOfTheProtocol() {
        FolderEntry far = new FolderEntry(new byte[] {'a'}, 1, Instant.MAX.getEpochSecond(), 0, 1);
        FolderEntry farther = new FolderEntry(new byte[] {'a'}, 1, Instant.MAX.getEpochSecond(), 1, 1);
        FolderEntry early = new FolderEntry(new byte[] {'a'}, 1, Instant.MIN.getEpochSecond(), 0, 1);
        assertEquals(253_402_300_799_999L, far.reference().modified().toEpochMilli());
        assertEquals(-62_135_596_800_000L, early.reference().modified().toEpochMilli());
        assertNotEquals(far.reference().version(), farther.reference().version());
    }

    @Test
    void whatCannotBeListedIsCounted() throws Exception {
        put("plain", "x");
        put(PrivatePrefix.NAME + "/kept", "x");
        Files.createSymbolicLink(root.resolve("link"), base);
        Files.createFile(Path.of(URI.create(root.toUri() + "b%FFd")));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor());
        Path deep = root;
        for (int i = 0; i <= FolderWalk.MAX_DEPTH; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        Folder folder = open();
        assertEquals(List.of("plain"), keys(all(folder, 10)));
        Gaps gaps = folder.gaps();
        assertEquals(1, gaps.count(Gap.Kind.SYMBOLIC_LINK));
        assertEquals(1, gaps.count(Gap.Kind.SPECIAL_FILE));
        assertEquals(1, gaps.count(Gap.Kind.TOO_DEEP));
        assertEquals(1, gaps.count(Gap.Kind.UNREADABLE_NAME));
        assertEquals(1, gaps.count(Gap.Kind.PRIVATE_PLACE));
        assertEquals(3, gaps.unseen());
        assertTrue(gaps.first().contains(new Gap("b%FFd", Gap.Kind.UNREADABLE_NAME)));
    }

    @Test
    void privatePlaceOfAStorageInsideIsPrivateTooAndHidesNothing() throws IOException {
        String kept = "sub/" + PrivatePrefix.key(UUID.randomUUID().toString());
        put("plain", "x");
        put(kept, "x");
        put(kept + ".sidecar", "x");
        put(PrivatePrefix.key("probe-" + UUID.randomUUID()), "x");
        Folder folder = open();
        assertEquals(List.of("plain"), keys(all(folder, 10)));
        assertEquals(0, folder.gaps().unseen());
        assertEquals(
                new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE),
                folder.fetch(new ObjectReference(kept, "v", 1, EARLY), MAX_BYTES));
        put("sub/" + PrivatePrefix.key("hidden"), "x");
        put("sub/" + PrivatePrefix.key(UUID.randomUUID() + "/hidden"), "x");
        folder.refresh();
        assertEquals(List.of("plain"), keys(all(folder, 10)));
        assertEquals(2, folder.gaps().count(Gap.Kind.PRIVATE_PLACE));
    }

    @Test
    void anotherProcessSeesTheSameListingUntilItRefreshes() throws IOException {
        put("a", "x");
        assertEquals(1, all(open(), 10).size());
        put("b", "x");
        Folder resumed = open();
        assertEquals(1, all(resumed, 10).size());
        resumed.refresh();
        assertEquals(2, all(resumed, 10).size());
    }

    @Test
    void aDamagedIndexIsBuiltAgain() throws IOException {
        put("a", "x");
        all(open(), 10);
        try (var index = Files.list(data)) {
            Path file = index.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        }
        assertEquals(1, all(open(), 10).size());
    }

    @Test
    void readsExactlyWhatWasListed() throws IOException {
        put("d/a", "content");
        Folder folder = open();
        ObjectReference listed = all(folder, 10).getFirst();
        Fetched.Content content = assertInstanceOf(Fetched.Content.class, folder.fetch(listed, MAX_BYTES));
        assertArrayEquals("content".getBytes(), content.bytes());
        assertEquals(new Fetched.TooLarge(7), folder.fetch(listed, 6));
        assertTrue(folder.lists(listed.key(), listed.version()));
        assertFalse(folder.lists(listed.key(), "0-0-0"));
        assertFalse(folder.lists("d/b", listed.version()));
    }

    @Test
    void seesThatAnObjectIsGoneOrChanged() throws IOException {
        Path gone = put("gone", "x");
        Path rewritten = put("rewritten", "x");
        Path swapped = put("swapped", "x");
        put("dir/a", "x");
        Folder folder = open();
        List<ObjectReference> listed = all(folder, 10);
        Files.delete(gone);
        Files.writeString(rewritten, "longer");
        FileTime before = Files.getLastModifiedTime(swapped);
        Path other = put("other", "y");
        Files.setLastModifiedTime(other, before);
        Files.move(other, swapped, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.delete(root.resolve("dir/a"));
        Files.delete(root.resolve("dir"));
        Files.createFile(root.resolve("dir"));
        assertEquals(new Fetched.Gone(), folder.fetch(listed.get(0), MAX_BYTES));
        assertEquals(new Fetched.Gone(), folder.fetch(listed.get(1), MAX_BYTES));
        assertEquals(
                6,
                assertInstanceOf(Fetched.Changed.class, folder.fetch(listed.get(2), MAX_BYTES))
                        .now()
                        .sizeBytes());
        assertInstanceOf(Fetched.Changed.class, folder.fetch(listed.get(3), MAX_BYTES));
    }

    @Test
    void vanishedOrExchangedRootDoesNotMakeItsObjectsGone() throws IOException {
        put("d/a", "x");
        Folder folder = open();
        ObjectReference listed = all(folder, 10).getFirst();
        Path aside = base.resolve("aside");
        Files.move(root, aside);
        Fetched fault = new Fetched.Unreachable(Fetched.Reason.STORAGE_FAULT);
        assertEquals(fault, folder.fetch(listed, MAX_BYTES));
        Files.createDirectory(root);
        assertEquals(fault, folder.fetch(listed, MAX_BYTES));
        assertThrows(SourceException.class, folder::refresh);
        Files.delete(root);
        Files.move(aside, root);
        assertInstanceOf(Fetched.Content.class, folder.fetch(listed, MAX_BYTES));
    }

    /// As a crawler sees it that is started before the volume of its storage is mounted.
    @Test
    void aBareFolderSaysNothingOfWhatWasListedInIt() throws IOException {
        Path file = put("a", "x");
        ObjectReference listed = all(open(), 10).getFirst();
        Files.delete(file);
        Folder folder = open();
        assertEquals(new Fetched.Unreachable(Fetched.Reason.STORAGE_FAULT), folder.fetch(listed, MAX_BYTES));
        assertTrue(assertThrows(SourceException.class, folder::refresh)
                .getMessage()
                .contains("where 1 objects were listed before"));
        assertEquals(1, all(folder, 10).size());
        Files.createDirectory(root.resolve("emptied on purpose"));
        assertEquals(new Fetched.Gone(), folder.fetch(listed, MAX_BYTES));
        folder.refresh();
        assertEquals(0, all(folder, 10).size());
        Files.delete(root.resolve("emptied on purpose"));
        folder.refresh();
    }

    @Test
    void neverReadsOutsideTheFolder() throws Exception {
        Path outside = Files.createDirectory(base.resolve("outside"));
        Files.writeString(outside.resolve("a"), "secret");
        put("d/a", "x");
        put(PrivatePrefix.NAME + "/kept", "x");
        Folder folder = open();
        ObjectReference listed = all(folder, 10).getFirst();
        Files.delete(root.resolve("d/a"));
        Files.createSymbolicLink(root.resolve("d/a"), outside.resolve("a"));
        Fetched refused = new Fetched.Unreachable(Fetched.Reason.OUTSIDE_STORAGE);
        assertEquals(refused, folder.fetch(listed, MAX_BYTES));
        Files.delete(root.resolve("d/a"));
        Files.delete(root.resolve("d"));
        Files.createSymbolicLink(root.resolve("d"), outside);
        assertEquals(refused, folder.fetch(listed, MAX_BYTES));
        for (String key :
                List.of("../outside/a", "/etc/passwd", "d/../d/a", "", "a//b", "a\0b", PrivatePrefix.key("kept"))) {
            if (!key.isEmpty()) {
                assertEquals(refused, folder.fetch(new ObjectReference(key, "v", 1, EARLY), MAX_BYTES), key);
            }
        }
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor());
        assertEquals(
                new Fetched.Unreachable(Fetched.Reason.NOT_A_FILE),
                folder.fetch(new ObjectReference("pipe", "v", 1, EARLY), MAX_BYTES));
    }

    @Test
    void saysWhatIsWrongWithAFolderThatCannotBeUsed() throws IOException {
        Path inside = Files.createDirectory(root.resolve("data"));
        assertTrue(assertThrows(SourceException.class, () -> Folder.open(root, inside))
                .getMessage()
                .contains("--data"));
        Path missing = base.resolve("missing");
        assertTrue(assertThrows(SourceException.class, () -> Folder.open(missing, data))
                .getMessage()
                .contains("no folder"));
        Path file = put("file", "x");
        assertTrue(assertThrows(SourceException.class, () -> Folder.open(file, data))
                .getMessage()
                .contains("not a folder"));
    }

    @Test
    void aLinkToTheFolderNamesTheSameStorage() throws IOException {
        Path link = Files.createSymbolicLink(base.resolve("link"), root);
        String direct = SourceLocation.parse(root.toString(), S3Options.AWS).storageId();
        assertEquals(
                direct, SourceLocation.parse(link.toString(), S3Options.AWS).storageId());
        assertEquals(direct, Folder.open(link, data).storageId());
    }

    private Folder open() {
        return Folder.open(root, data);
    }

    private Path put(String key, String content) throws IOException {
        Path path = root.resolve(key);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, content);
    }
}
