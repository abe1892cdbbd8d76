package org.picket.crawler.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which markers at a key an order takes for its own, by what its record says.
class S3MarkersTest {

    private static final Instant THEN = FolderFixture.NOW;
    private static final S3Vault.Version EARLIER = marker("earlier", Duration.ofDays(-1));
    private static final S3Vault.Version FIRST = marker("first", Duration.ZERO);
    private static final S3Vault.Version SECOND = marker("second", S3Cover.TRIED_FOR);
    private static final S3Vault.Version LATER = marker("later", S3Cover.TRIED_FOR.plusMillis(1));
    private static final Duration HOURS = Duration.ofHours(3);
    private static final S3Vault.Version UPLOAD = new S3Vault.Version(
            "upload", true, Optional.of(new S3Vault.Stored("upload", 1)), "tag", THEN.plusSeconds(1));

    @TempDir
    private Path base;

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

    /// The two clocks may be as far apart as servers allow, either way.
    @Test
    void ofThoseWithoutANameNoneIsOursThatCameAtAnotherTimeThanTheAttempt() {
        Duration before = S3Cover.CLOCKS_APART.negated();
        Duration after = S3Cover.CLOCKS_APART.plus(S3Cover.TRIED_FOR);
        for (Duration apart : List.of(before, after)) {
            S3Vault.Version marker = marker("a", apart);
            assertEquals(List.of(marker), ours(Optional.empty(), UPLOAD, marker, EARLIER));
        }
        for (Duration apart : List.of(before.minusMillis(1), after.plusMillis(1), HOURS)) {
            assertEquals(List.of(), ours(Optional.empty(), UPLOAD, marker("a", apart), EARLIER), apart.toString());
        }
    }

    /// A name that every marker has of a bucket whose versions are suspended says nothing.
    @Test
    void aNameThatAllMarkersShareTellsNone() {
        Optional<String> shared = Optional.of(S3Vault.NO_VERSION);
        S3Vault.Version then = marker(S3Vault.NO_VERSION, Duration.ZERO);
        assertEquals(List.of(then), ours(shared, then, EARLIER));
        assertEquals(List.of(), ours(shared, marker(S3Vault.NO_VERSION, HOURS), EARLIER));
    }

    @Test
    void whatTheVersionBeforeWroteHasMarkersThatItNamesAlone() {
        Set<String> seen = Set.of(S3Cover.mark(EARLIER));
        for (Optional<String> unsure : List.of(Optional.<String>empty(), Optional.of(S3Vault.NO_VERSION))) {
            OrderRecord.Cover cover = new OrderRecord.Cover(seen, Optional.empty(), unsure);
            assertEquals(
                    List.of(), S3Cover.ours(cover, List.of(marker(S3Vault.NO_VERSION, Duration.ZERO), FIRST, EARLIER)));
        }
        OrderRecord.Cover named = new OrderRecord.Cover(seen, Optional.empty(), Optional.of("first"));
        assertEquals(List.of(FIRST), S3Cover.ours(named, List.of(SECOND, FIRST, EARLIER)));
    }

    @Test
    void aRecordRemembersACoverUntilItIsAwayAgain() throws IOException {
        Path file = base.resolve("order");
        OrderRecord record = OrderRecord.read(file);
        record.cover(Set.of("b", "a"), THEN);
        assertEquals(Optional.of(cover(THEN, Optional.empty())), reread(file));
        Instant later = THEN.plus(HOURS);
        record.cover(Set.of("a", "b"), later);
        assertEquals(Optional.of(cover(later, Optional.empty())), reread(file));
        record.covered("an id ?");
        assertEquals(Optional.of(cover(later, Optional.of("an id ?"))), reread(file));
        assertEquals(record.cover(), reread(file));
        record.uncovered();
        assertTrue(record.cover().isEmpty() && reread(file).isEmpty());
    }

    /// A server that refuses the marker for good has it tried again and again.
    @Test
    void aRecordOfManyTriesCanStillBeRead() throws IOException {
        Path file = base.resolve("order");
        OrderRecord record = OrderRecord.read(file);
        Set<String> many =
                IntStream.range(0, 45_000).mapToObj("%012x"::formatted).collect(Collectors.toSet());
        record.cover(many, THEN);
        long bytes = Files.size(file);
        record.cover(many, THEN);
        assertEquals(bytes, Files.size(file));
        assertEquals(many, reread(file).orElseThrow().seen());
    }

    private static Optional<OrderRecord.Cover> reread(Path file) throws IOException {
        return OrderRecord.read(file).cover();
    }

    private static List<S3Vault.Version> ours(Optional<String> known, S3Vault.Version... present) {
        return S3Cover.ours(
                new OrderRecord.Cover(Set.of(S3Cover.mark(EARLIER)), Optional.of(THEN), known), List.of(present));
    }

    private static OrderRecord.Cover cover(Instant tried, Optional<String> marker) {
        return new OrderRecord.Cover(Set.of("a", "b"), Optional.of(tried), marker);
    }

    private static S3Vault.Version marker(String id, Duration after) {
        return new S3Vault.Version(id, false, Optional.empty(), "", THEN.plus(after));
    }
}
