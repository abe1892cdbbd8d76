package org.picket.coordinator.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.KeyRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.RulingRecord;
import org.picket.proto.v1.Sealed;

class LedgerVerifierTest {
    private static final String ORIGIN = "example.org/ledger";
    private static final SigningKey KEY = key(1);
    private static final SigningKey AGENT = key(2);
    private static final int SIZE = 20;
    private static final List<String> NOTES = List.of(note(KEY, 0), note(KEY, 8), note(KEY, 13), note(KEY, SIZE));

    @Test
    void untouchedLedgerIsVerified() {
        assertEquals(new Verification.Verified(SIZE, root(entries(), SIZE), SIZE), verify(entries(), NOTES));
    }

    @Test
    void entriesAfterTheNewestCheckpointAreNotVouchedFor() {
        assertEquals(
                new Verification.Verified(SIZE, root(entries(), SIZE), 13), verify(entries(), NOTES.subList(0, 3)));
    }

    @Test
    void emptyLedgerIsVerified() {
        assertEquals(new Verification.Verified(0, MerkleHash.EMPTY, 0), verify(List.of(), List.of(note(KEY, 0))));
    }

    @Test
    void editedEntryIsFoundByItsLeafHash() {
        List<StoredEntry> entries = entries();
        entries.set(10, new StoredEntry(10, body(99), entries.get(10).leaf()));
        assertBroken(10, "was changed", verify(entries, NOTES));
    }

    @Test
    void entryEditedTogetherWithItsLeafHashIsFoundByTheNextCheckpoint() {
        List<StoredEntry> entries = entries();
        entries.set(10, entry(10, body(99)));
        assertBroken(8, "entries 8 to 12", verify(entries, NOTES));
    }

    @Test
    void deletedEntryIsFound() {
        List<StoredEntry> entries = entries();
        entries.remove(10);
        assertBroken(10, "entry 10 is missing", verify(entries, NOTES));
    }

    @Test
    void deletedEntryWhoseSuccessorsMovedUpIsFound() {
        List<StoredEntry> entries = entries();
        entries.remove(10);
        assertBroken(8, "entries 8 to 12", verify(renumbered(entries), NOTES));
    }

    @Test
    void reorderedEntriesAreFound() {
        List<StoredEntry> entries = entries();
        Collections.swap(entries, 10, 11);
        assertBroken(10, "stands in its place", verify(entries, NOTES));
        assertBroken(8, "moved", verify(renumbered(entries), NOTES));
    }

    @Test
    void insertedEntryIsFound() {
        List<StoredEntry> entries = entries();
        entries.add(10, entry(10, body(99)));
        assertBroken(8, "added", verify(renumbered(entries), NOTES));
    }

    @Test
    void cutOffLedgerIsFound() {
        assertBroken(18, "cut off", verify(entries().subList(0, 18), NOTES));
    }

    @Test
    void ledgerCutOffWithItsCheckpointsIsFoundByOneThatSomebodyKept() {
        List<String> notes = List.of(NOTES.get(0), NOTES.get(1), NOTES.get(3));
        assertBroken(13, "cut off", verify(entries().subList(0, 13), notes));
    }

    @Test
    void forgedCheckpointIsFound() {
        List<StoredEntry> forged = entries();
        forged.set(10, entry(10, body(99)));
        Checkpoint false13 = new Checkpoint(ORIGIN, 13, root(forged, 13));
        assertBroken(8, "no known key", verify(forged, List.of(NOTES.get(1), false13.sign(AGENT))));
    }

    @Test
    void splitViewIsFound() {
        List<StoredEntry> shownToOthers = entries();
        shownToOthers.set(10, entry(10, body(99)));
        Checkpoint other = new Checkpoint(ORIGIN, 13, root(shownToOthers, 13));
        assertBroken(13, "two versions", verify(entries(), List.of(NOTES.get(2), other.sign(KEY))));
    }

    @Test
    void checkpointsOutOfOrderAreFound() {
        assertBroken(8, "order", verify(entries(), List.of(NOTES.get(2), NOTES.get(1))));
    }

    @Test
    void bodyOfAnotherKindOfMessageIsFound() {
        List<StoredEntry> entries = entries();
        entries.set(3, entry(3, ByteString.copyFromUtf8("\u0007no body")));
        assertBroken(3, "not a ledger body", verify(entries, List.of()));
    }

    @Test
    void checkSeesEveryEntryInOrder() {
        List<Long> seen = new ArrayList<>();
        EntryCheck check = (seq, body) -> {
            seen.add(seq);
            return seq == 5 ? Optional.of("five is wrong") : Optional.empty();
        };
        LedgerVerifier verifier = new LedgerVerifier(ORIGIN, List.of(KEY.verifyingKey()), check);
        assertBroken(5, "five is wrong", verifier.verify(entries().iterator(), NOTES.iterator()));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), seen);
    }

    @Test
    void verdictOfAnIntroducedKeyIsBelieved() {
        assertEquals(Optional.empty(), sealedCheck(introduction(), verdict(SealKind.VERDICT)));
    }

    @Test
    void verdictOfAnUnknownKeyIsNotBelieved() {
        assertTrue(sealedCheck(verdict(SealKind.VERDICT)).orElseThrow().contains("no earlier entry introduced"));
    }

    @Test
    void signatureMadeForAnotherPurposeIsNotBelieved() {
        assertTrue(sealedCheck(introduction(), verdict(SealKind.RECEIPT))
                .orElseThrow()
                .contains("does not verify"));
    }

    @Test
    void keptCheckpointsAreMergedBySize() {
        List<String> merged = new ArrayList<>();
        new NotesBySize(List.of(NOTES.get(1), NOTES.get(3)).iterator(), List.of(NOTES.get(2), NOTES.get(0)))
                .forEachRemaining(merged::add);
        assertEquals(NOTES, merged);
    }

    private static Optional<String> sealedCheck(LedgerBody... bodies) {
        SealedEntries check = new SealedEntries();
        Optional<String> last = Optional.empty();
        for (LedgerBody body : bodies) {
            last = check.check(0, body);
        }
        return last;
    }

    private static LedgerBody introduction() {
        return LedgerBody.newBuilder()
                .setKey(KeyRecord.newBuilder()
                        .setPublicKey(AGENT.verifyingKey().raw())
                        .setRole("agent"))
                .build();
    }

    private static LedgerBody verdict(SealKind kind) {
        Sealed sealed = AGENT.seal(kind, RulingRecord.newBuilder().setShardId(1).build());
        return LedgerBody.newBuilder().setVerdict(sealed).build();
    }

    private static void assertBroken(long seq, String what, Verification verification) {
        Verification.Broken broken = assertInstanceOf(Verification.Broken.class, verification);
        assertTrue(broken.what().contains(what), broken.what());
        assertEquals(seq, broken.seq(), broken.what());
    }

    private static Verification verify(List<StoredEntry> entries, List<String> notes) {
        return new LedgerVerifier(ORIGIN, List.of(KEY.verifyingKey()), EntryCheck.none())
                .verify(entries.iterator(), notes.iterator());
    }

    private static List<StoredEntry> entries() {
        return new ArrayList<>(
                IntStream.range(0, SIZE).mapToObj(i -> entry(i, body(i))).toList());
    }

    private static List<StoredEntry> renumbered(List<StoredEntry> entries) {
        return IntStream.range(0, entries.size())
                .mapToObj(i -> entry(i, entries.get(i).body()))
                .toList();
    }

    private static StoredEntry entry(long seq, ByteString body) {
        return new StoredEntry(seq, body, Optional.of(MerkleHash.leaf(body)));
    }

    private static ByteString body(int number) {
        return LedgerBody.newBuilder()
                .setRuling(RulingRecord.newBuilder().setShardId(number))
                .build()
                .toByteString();
    }

    private static String note(SigningKey key, int size) {
        return new Checkpoint(ORIGIN, size, root(entries(), size)).sign(key);
    }

    private static Digest root(List<StoredEntry> entries, int size) {
        return MerkleFrontier.EMPTY
                .append(entries.subList(0, size).stream()
                        .map(entry -> MerkleHash.leaf(entry.body()))
                        .toList())
                .frontier()
                .root();
    }

    private static SigningKey key(int fill) {
        byte[] seed = new byte[SigningKey.SEED_LENGTH];
        Arrays.fill(seed, (byte) fill);
        return SigningKey.ofSeed(seed);
    }
}
