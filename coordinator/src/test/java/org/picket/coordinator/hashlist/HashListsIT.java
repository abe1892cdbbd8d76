package org.picket.coordinator.hashlist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.policy.HashType;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.site.Sites;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ListEntry;
import org.picket.proto.v1.ListHit;
import org.picket.proto.v1.ShownList;

class HashListsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final Digest FILE = Digest.of(new byte[] {1});
    private static final ListTerms DENY = new ListTerms(ListTerms.Kind.DENY, "they", "test.known", 1, 31, 50);
    private static final ListTerms ALLOW = new ListTerms(ListTerms.Kind.ALLOW, "us", "", 1, 31, 50);
    private static final Class<HashLists.Outcome.Refused> REFUSED = HashLists.Outcome.Refused.class;
    private static int sites;

    private final HashLists lists = new HashLists();
    private SiteId site;

    @BeforeEach
    void newSite() {
        String name = "lists " + sites++;
        site = DATABASE.database()
                .transaction(handle -> new Sites().site(handle, name, NOW))
                .id();
    }

    private static ListEntry entry(HashType type, int seed) {
        return ListEntry.newBuilder()
                .setTypeValue(type.code())
                .setValue(value(type, seed))
                .build();
    }

    private static ByteString value(HashType type, int seed) {
        return Digest.of(new byte[] {(byte) seed, (byte) type.code()}).bytes().substring(0, type.bytes());
    }

    private HashLists.Outcome.Done load(
            ListTerms terms, Optional<Duration> expires, Instant now, ListEntry... entries) {
        return DATABASE.database().transaction(handle -> {
            HashLists.Origin origin = new HashLists.Origin(FILE, "ada", expires);
            HashLists.Outcome.Done begun =
                    assertInstanceOf(HashLists.Outcome.Done.class, lists.begin(handle, site, terms, origin, now));
            assertInstanceOf(HashLists.Outcome.Done.class, lists.add(handle, site, begun.id(), List.of(entries)));
            return assertInstanceOf(HashLists.Outcome.Done.class, lists.finish(handle, site, begun.id(), now));
        });
    }

    private HashLists.Outcome.Done load(ListTerms terms, ListEntry... entries) {
        return load(terms, Optional.empty(), NOW, entries);
    }

    private ListStamp stamp(Instant now) {
        return DATABASE.database().transaction(handle -> lists.stamp(handle, site, now));
    }

    private int inForce() {
        List<PostgresListSets.Row> rows = new ArrayList<>();
        DATABASE.database().read(handle -> lists.stream(handle, site, head -> {}, rows::add));
        return rows.size();
    }

    private HashLists.Outcome disable(HashLists.Disabled what, Optional<String> until, Instant now) {
        return DATABASE.database().transaction(handle -> lists.disable(handle, site, what, until, now));
    }

    private Optional<Ruling> rule(HashType type, int seed, long list, Instant now) {
        ListHit hit = ListHit.newBuilder()
                .setListId(list)
                .setTypeValue(type.code())
                .setValue(value(type, seed))
                .setQuality(90)
                .build();
        return DATABASE.database().read(handle -> lists.rule(handle, site, List.of(hit), now));
    }

    @Test
    void siteWithoutListsHasNoSet() {
        assertEquals(ListStamp.NONE, stamp(NOW));
    }

    @Test
    void importIsInForceOnceItIsFinishedAndAgainChangesNothing() {
        HashLists.Outcome.Done done =
                load(DENY, entry(HashType.SHA256, 1), entry(HashType.PDQ, 2), entry(HashType.PDQ, 2));
        assertEquals(2, done.added());
        ListStamp first = stamp(NOW);
        assertEquals(1, first.number());
        assertTrue(first.pictures());
        assertEquals(2, inForce());
        assertInstanceOf(
                Ruling.Flagged.class, rule(HashType.PDQ, 2, done.id(), NOW).orElseThrow());
        HashLists.Outcome.Done again = load(DENY, entry(HashType.SHA256, 1), entry(HashType.PDQ, 2));
        assertEquals(done.id(), again.id());
        assertEquals(0, again.added());
        assertEquals(2, again.present());
        assertEquals(first, stamp(NOW));
    }

    @Test
    void nothingOfAnUnfinishedImportIsInForce() {
        DATABASE.database().useTransaction(handle -> {
            HashLists.Origin origin = new HashLists.Origin(FILE, "ada", Optional.empty());
            HashLists.Outcome.Done begun =
                    assertInstanceOf(HashLists.Outcome.Done.class, lists.begin(handle, site, DENY, origin, NOW));
            lists.add(handle, site, begun.id(), List.of(entry(HashType.SHA256, 1)));
        });
        assertEquals(0, inForce());
        assertEquals(0, stamp(NOW).number());
    }

    private HashLists.Outcome begin(ListTerms terms) {
        HashLists.Origin origin = new HashLists.Origin(FILE, "ada", Optional.empty());
        return DATABASE.database().transaction(handle -> lists.begin(handle, site, terms, origin, NOW));
    }

    private ListTerms shownTerms() {
        return DATABASE.database()
                .read(handle ->
                        ListTerms.of(lists.show(handle, site, NOW).getFirst().getTerms()))
                .orElseThrow();
    }

    @Test
    void listKeepsItsTermsUntilAnImportWithOthersIsFinished() {
        ListTerms shownOnly = new ListTerms(ListTerms.Kind.DENY, "they", "test.known", 3, 10, 80);
        load(shownOnly, entry(HashType.PDQ, 1));
        ListStamp before = stamp(NOW);
        HashLists.Outcome.Done begun = assertInstanceOf(HashLists.Outcome.Done.class, begin(DENY));
        assertEquals(shownOnly, shownTerms());
        assertEquals(before, stamp(NOW));
        DATABASE.database().useTransaction(handle -> lists.finish(handle, site, begun.id(), NOW));
        assertEquals(DENY, shownTerms());
        assertEquals(before.number() + 1, stamp(NOW).grown(), "more pictures may match now");
    }

    @Test
    void importThatWasBegunAnewCannotBeFinishedInHalves() {
        HashLists.Outcome.Done first = assertInstanceOf(HashLists.Outcome.Done.class, begin(DENY));
        add(first, entry(HashType.SHA256, 1));
        HashLists.Outcome.Done second = assertInstanceOf(HashLists.Outcome.Done.class, begin(DENY));
        assertEquals(0, staged(first));
        add(first, entry(HashType.SHA256, 2));
        add(second, entry(HashType.SHA256, 3));
        assertInstanceOf(HashLists.Outcome.Refused.class, finish(first));
        assertInstanceOf(HashLists.Outcome.Done.class, finish(second));
        assertEquals(1, inForce());
    }

    private void add(HashLists.Outcome.Done begun, ListEntry... entries) {
        DATABASE.database().useTransaction(handle -> lists.add(handle, site, begun.id(), List.of(entries)));
    }

    private HashLists.Outcome finish(HashLists.Outcome.Done begun) {
        return DATABASE.database().transaction(handle -> lists.finish(handle, site, begun.id(), NOW));
    }

    private int staged(HashLists.Outcome.Done begun) {
        return DATABASE.database()
                .read(handle -> handle.createQuery("select count(*) from list_staging where import_id = :id")
                        .bind("id", begun.id())
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void importWithMoreOfOneTypeThanCrawlersHoldIsRefusedAndLeavesTheListAsItWas() {
        load(DENY, entry(HashType.SHA256, 1), entry(HashType.SHA256, 2), entry(HashType.MD5, 1));
        ListStamp before = stamp(NOW);
        ListTerms other = new ListTerms(ListTerms.Kind.DENY, "they", "test.known", 3, 31, 50);
        assertInstanceOf(REFUSED, importInto(new HashLists(2), other, entry(HashType.SHA256, 3)));
        assertEquals(DENY, shownTerms());
        assertEquals(3, inForce());
        assertEquals(before, stamp(NOW));
    }

    @Test
    void whatComesBackByItselfCountsAgainstTheBound() {
        long first =
                load(DENY, entry(HashType.SHA256, 1), entry(HashType.SHA256, 2)).id();
        HashLists.Disabled list = new HashLists.Disabled.List(first);
        disable(list, Optional.of("2026-11-22T06:00:00Z"), NOW);
        HashLists bounded = new HashLists(2);
        HashLists.Disabled gone =
                new HashLists.Disabled.Hash(value(HashType.SHA256, 9).toByteArray());
        assertInstanceOf(HashLists.Outcome.Refused.class, importInto(bounded, ALLOW, entry(HashType.SHA256, 9)));
        disable(list, Optional.of(HashLists.FOR_GOOD), NOW);
        assertInstanceOf(HashLists.Outcome.Done.class, importInto(bounded, ALLOW, entry(HashType.SHA256, 9)));
        Optional<String> later = Optional.of("2026-11-23T06:00:00Z");
        assertInstanceOf(HashLists.Outcome.Refused.class, disableIn(bounded, list, later));
        assertInstanceOf(HashLists.Outcome.Done.class, disableIn(bounded, gone, later), "it brings nothing back");
    }

    private HashLists.Outcome disableIn(HashLists bounded, HashLists.Disabled what, Optional<String> until) {
        return DATABASE.database().transaction(handle -> bounded.disable(handle, site, what, until, NOW));
    }

    private HashLists.Outcome importInto(HashLists bounded, ListTerms terms, ListEntry... entries) {
        return DATABASE.database().transaction(handle -> {
            HashLists.Origin origin = new HashLists.Origin(FILE, "ada", Optional.empty());
            HashLists.Outcome.Done begun =
                    assertInstanceOf(HashLists.Outcome.Done.class, bounded.begin(handle, site, terms, origin, NOW));
            bounded.add(handle, site, begun.id(), List.of(entries));
            return bounded.finish(handle, site, begun.id(), NOW);
        });
    }

    @Test
    void listThatIsPutBackCountsAgainstTheBoundLikeAnImport() {
        load(DENY, entry(HashType.SHA256, 1), entry(HashType.SHA256, 2));
        long first = DATABASE.database()
                .read(handle -> lists.show(handle, site, NOW))
                .getFirst()
                .getId();
        disable(new HashLists.Disabled.List(first), Optional.of("infinity"), NOW);
        load(new ListTerms(ListTerms.Kind.DENY, "they", "test.other", 1, 31, 50), entry(HashType.SHA256, 3));
        ListStamp before = stamp(NOW);
        assertInstanceOf(
                HashLists.Outcome.Refused.class,
                disableIn(new HashLists(2), new HashLists.Disabled.List(first), Optional.empty()));
        assertEquals(1, inForce());
        assertEquals(before, stamp(NOW));
    }

    @Test
    void oneListTooManyIsRefusedAndThoseThatAreThereAreNot() {
        for (int i = 0; i < Limits.LISTS; i++) {
            assertInstanceOf(HashLists.Outcome.Done.class, begin(numbered(i)));
        }
        assertInstanceOf(HashLists.Outcome.Refused.class, begin(numbered(Limits.LISTS)));
        assertInstanceOf(HashLists.Outcome.Done.class, begin(numbered(0)));
    }

    private static ListTerms numbered(int number) {
        return new ListTerms(ListTerms.Kind.DENY, "they", "test." + number, 1, 31, 50);
    }

    @Test
    void setGrowsWithPicturesThatAreDeniedAndNotWithWhatIsAllowed() {
        load(DENY, entry(HashType.PDQ, 1));
        assertEquals(1, stamp(NOW).grown());
        load(ALLOW, entry(HashType.PDQ, 2));
        assertEquals(2, stamp(NOW).number());
        assertEquals(1, stamp(NOW).grown());
        load(DENY, entry(HashType.MD5, 3));
        assertEquals(3, stamp(NOW).grown());
        disable(new HashLists.Disabled.Hash(value(HashType.MD5, 3).toByteArray()), Optional.of("infinity"), NOW);
        assertEquals(4, stamp(NOW).number());
        assertEquals(3, stamp(NOW).grown(), "fewer denied hashes flag nothing new");
        disable(new HashLists.Disabled.Hash(value(HashType.PDQ, 2).toByteArray()), Optional.of("infinity"), NOW);
        assertEquals(5, stamp(NOW).grown(), "what was allowed may be flagged now");
    }

    @Test
    void newSha256IsLookedUpAmongWhatWasClearedAndGrowsTheSetOnlyWhereItCannotBePlaced() {
        List<Digest> asked = new ArrayList<>();
        boolean[] placed = {true};
        lists.observe(new Rejudging() {
            @Override
            public boolean rejudge(Handle handle, SiteId of, Collection<Digest> contents) {
                asked.addAll(contents);
                return placed[0];
            }

            @Override
            public boolean lookAgain(Handle handle, Collection<ShardId> shards) {
                return true;
            }
        });
        load(DENY, entry(HashType.SHA256, 1));
        assertEquals(List.of(new Digest(value(HashType.SHA256, 1))), asked);
        assertEquals(0, stamp(NOW).grown());
        asked.clear();
        placed[0] = false;
        load(DENY, entry(HashType.SHA256, 1), entry(HashType.SHA256, 2));
        assertEquals(List.of(new Digest(value(HashType.SHA256, 2))), asked);
        assertEquals(2, stamp(NOW).grown());
    }

    @Test
    void entryEndsByItselfAndSetChangesThen() {
        HashLists.Outcome.Done done =
                load(DENY, Optional.of(Duration.ofDays(1)), NOW, entry(HashType.PDQ, 1), entry(HashType.PDQ, 2));
        ListStamp before = stamp(NOW);
        Instant later = NOW.plus(Duration.ofDays(2));
        assertEquals(Optional.empty(), rule(HashType.PDQ, 1, done.id(), later));
        ListStamp after = stamp(later);
        assertNotEquals(before.digest(), after.digest());
        assertFalse(after.pictures());
        assertEquals(before.grown(), after.grown());
    }

    @Test
    void disabledHashComesBackByItselfAndTheSetGrowsThen() {
        load(DENY, entry(HashType.PDQ, 1));
        Instant until = NOW.plus(Duration.ofHours(1));
        disable(new HashLists.Disabled.Hash(value(HashType.PDQ, 1).toByteArray()), Optional.of(until.toString()), NOW);
        assertEquals(0, inForce());
        assertEquals(1, stamp(NOW).grown());
        Instant later = until.plusSeconds(1);
        assertEquals(3, stamp(later).grown());
        assertEquals(1, inForce());
    }

    @Test
    void importingAgainDoesNotBringBackWhatAPersonDisabled() {
        HashLists.Outcome.Done done = load(DENY, entry(HashType.SHA256, 1));
        HashLists.Disabled what =
                new HashLists.Disabled.Hash(value(HashType.SHA256, 1).toByteArray());
        disable(what, Optional.of("infinity"), NOW);
        load(DENY, entry(HashType.SHA256, 1));
        assertEquals(0, inForce());
        assertEquals(Optional.empty(), rule(HashType.SHA256, 1, done.id(), NOW));
        disable(what, Optional.empty(), NOW);
        assertEquals(1, inForce());
    }

    @Test
    void wholeListIsDisabledAndEnabled() {
        HashLists.Outcome.Done done = load(DENY, entry(HashType.SHA256, 1), entry(HashType.MD5, 1));
        disable(new HashLists.Disabled.List(done.id()), Optional.of("infinity"), NOW);
        assertEquals(0, inForce());
        disable(new HashLists.Disabled.List(done.id()), Optional.empty(), NOW);
        assertEquals(2, inForce());
        assertInstanceOf(REFUSED, disable(new HashLists.Disabled.List(done.id() + 1_000), Optional.empty(), NOW));
    }

    @Test
    void anotherSitesListsAreNotReached() {
        HashLists.Outcome.Done done = load(DENY, entry(HashType.SHA256, 1));
        newSite();
        assertEquals(Optional.empty(), rule(HashType.SHA256, 1, done.id(), NOW));
        assertInstanceOf(REFUSED, disable(new HashLists.Disabled.List(done.id()), Optional.empty(), NOW));
        assertEquals(0, inForce());
    }

    @Test
    void listsAreShownWithTheirProvenance() {
        load(DENY, Optional.of(Duration.ofDays(1)), NOW, entry(HashType.SHA256, 1), entry(HashType.MD5, 2));
        ShownList shown = DATABASE.database()
                .read(handle -> lists.show(handle, site, NOW))
                .getFirst();
        assertEquals("they", shown.getTerms().getSource());
        assertEquals(1, shown.getSha256());
        assertEquals(1, shown.getMd5());
        assertEquals(2, shown.getInForce());
        assertEquals(FILE.bytes(), shown.getFileSha256());
        assertEquals("ada", shown.getImportedBy());
        assertEquals(NOW.plus(Duration.ofDays(1)).toEpochMilli(), shown.getExpiresMillis());
    }

    @Test
    void termsThatCannotBeAreRefused() {
        DATABASE.database().useTransaction(handle -> {
            HashLists.Origin origin = new HashLists.Origin(FILE, "ada", Optional.empty());
            for (ListTerms terms : List.of(
                    new ListTerms(ListTerms.Kind.DENY, "they", "", 1, 31, 50),
                    new ListTerms(ListTerms.Kind.ALLOW, "us", "test", 1, 31, 50),
                    new ListTerms(ListTerms.Kind.ALLOW, "a/b", "", 1, 31, 50),
                    new ListTerms(ListTerms.Kind.ALLOW, "us", "", 4, 31, 50),
                    new ListTerms(ListTerms.Kind.ALLOW, "us", "", 1, 32, 50))) {
                assertInstanceOf(HashLists.Outcome.Refused.class, lists.begin(handle, site, terms, origin, NOW));
            }
        });
    }
}
