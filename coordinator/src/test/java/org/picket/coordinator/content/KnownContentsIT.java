package org.picket.coordinator.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.TurnedTime;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.database.TestDatabase;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.hashlist.ListStamp;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.supply.ContentProbe.Known;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

class KnownContentsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Digest CONTENT = Digest.of(ByteString.copyFromUtf8("a content"));
    private static final Digest OTHER = Digest.of(ByteString.copyFromUtf8("another content"));
    private static final Ruling.Flagged FLAGGED =
            new Ruling.Flagged("r1", "test.lighthouse", Ruling.Flagged.By.KNOWN_CONTENT, List.of());

    @Test
    void whatOneSiteClearedIsUnknownAtAnother() {
        KnownContents contents = contents(Map.of());
        contents.remember(terms(1), new long[] {contents.tagger(terms(1)).tag(CONTENT.bytes())});
        assertInstanceOf(
                Ruling.Cleared.class, probe(contents, 1).get(CONTENT.bytes()).ruling());
        assertEquals(Map.of(), probe(contents, 2));
        assertNotEquals(
                contents.tagger(terms(1)).tag(CONTENT.bytes()),
                contents.tagger(terms(2)).tag(CONTENT.bytes()));
    }

    @Test
    void flaggedGoesBeforeCleared() {
        KnownContents contents = contents(Map.of(CONTENT, FLAGGED));
        contents.remember(terms(1), new long[] {contents.tagger(terms(1)).tag(CONTENT.bytes())});
        assertInstanceOf(
                Ruling.Flagged.class, probe(contents, 1).get(CONTENT.bytes()).ruling());
    }

    @Test
    void whatWasFlaggedBeforeTheStartIsKnown() {
        KnownContents contents = contents(Map.of(CONTENT, FLAGGED));
        assertInstanceOf(
                Ruling.Flagged.class, probe(contents, 1).get(CONTENT.bytes()).ruling());
        assertEquals(Map.of(), contents.probe(terms(1), List.of(OTHER.bytes())));
    }

    @Test
    void whatIsFlaggedLaterIsKnownFromThenOn() {
        Map<Digest, Ruling.Flagged> flagged = new HashMap<>();
        KnownContents contents = contents(flagged);
        assertEquals(Map.of(), probe(contents, 1));
        flagged.put(CONTENT, FLAGGED);
        contents.rememberFlagged(terms(1), List.of(CONTENT));
        assertInstanceOf(
                Ruling.Flagged.class, probe(contents, 1).get(CONTENT.bytes()).ruling());
    }

    /// Flagged contents as a database would tell them.
    private record Flagged(Map<Digest, Ruling.Flagged> found) implements FlaggedContents {
        @Override
        public Map<Digest, Ruling.Flagged> find(
                Handle handle, StorageId storage, Digest epoch, Collection<Digest> contents) {
            Map<Digest, Ruling.Flagged> asked = new HashMap<>(found);
            asked.keySet().retainAll(contents);
            return asked;
        }

        @Override
        public void each(Handle handle, StorageId storage, Digest epoch, Horizon since, Consumer<Digest> listener) {
            found.keySet().forEach(listener);
        }
    }

    @Test
    void contentClearedBeforeListsOfPicturesHadGrownIsToBeMatchedOnce() {
        KnownContents contents = contents(Map.of());
        long tag = contents.tagger(terms(1)).tag(CONTENT.bytes());
        contents.remember(terms(1), new long[] {tag});
        assertTrue(probe(contents, terms(1)).get(CONTENT.bytes()).matched());
        StorageTerms grown = listed(terms(1), new ListStamp(3, 3, CONTENT, true));
        assertFalse(probe(contents, grown).get(CONTENT.bytes()).matched());
        contents.remember(grown, new long[] {tag});
        assertTrue(probe(contents, grown).get(CONTENT.bytes()).matched());
        StorageTerms shrunk = listed(terms(1), new ListStamp(4, 3, CONTENT, true));
        assertTrue(probe(contents, shrunk).get(CONTENT.bytes()).matched(), "fewer entries need no matching");
        StorageTerms more = listed(terms(1), new ListStamp(5, 5, CONTENT, true));
        assertFalse(probe(contents, more).get(CONTENT.bytes()).matched());
    }

    private static StorageTerms listed(StorageTerms terms, ListStamp lists) {
        return terms.with(new StorageTerms.Matching(lists, terms.matching().revision()));
    }

    private static Map<ByteString, Known> probe(KnownContents contents, StorageTerms terms) {
        return contents.probe(terms, List.of(CONTENT.bytes()));
    }

    private static Map<ByteString, Known> probe(KnownContents contents, long site) {
        return contents.probe(terms(site), List.of(CONTENT.bytes()));
    }

    private static KnownContents contents(Map<Digest, Ruling.Flagged> flagged) {
        return new KnownContents(
                DATABASE.database(), new TurnedTime(), new Flagged(flagged), new byte[KnownContents.SECRET_BYTES], 64);
    }

    private static StorageTerms terms(long site) {
        Policy policy = Policy.parse("""
                id: "test"
                version: 1
                rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: OBSERVE }
                """, Path.of(".")).orThrow();
        return new StorageTerms(
                new StorageId(site),
                "folder:/" + site,
                new OwnerId(site),
                Digest.of(ByteString.copyFromUtf8("epoch")),
                new Scoring(Digest.of(ByteString.copyFromUtf8("bundle")), Preprocessing.getDefaultInstance()),
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse")),
                        ContentHashes.NONE,
                        new Enforcement(Action.OBSERVE, Fuses.DEFAULT)),
                StorageTerms.Matching.NONE,
                StorageTerms.Admission.EVERYONE);
    }
}
