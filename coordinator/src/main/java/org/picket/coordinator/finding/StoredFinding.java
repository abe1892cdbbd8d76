package org.picket.coordinator.finding;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.FindingFacts;
import org.picket.proto.v1.FindingRecord;

/// A finding as it is written down.
///
/// @param id what people type
/// @param storage that holds the object
/// @param object where it is
/// @param sha256 its content
/// @param ruling by which rule or list, and on what basis
/// @param epoch under which it was last ruled on
/// @param progress how far it has come
public record StoredFinding(
        FindingId id,
        StorageId storage,
        ObjectReference object,
        Digest sha256,
        Ruling.Flagged ruling,
        Digest epoch,
        Progress progress) {

    /// How far a finding has come.
    ///
    /// @param state where it is on its way
    /// @param quarantineOrder the order by which it went into quarantine, where one was carried out
    /// @param attested what binds the ledger to it
    public record Progress(FindingState state, Optional<OrderId> quarantineOrder, Attested attested) {}

    /// What binds the ledger to a finding.
    ///
    /// @param salt random bits that only the finding's row has
    /// @param revision how often it was ruled on
    record Attested(UUID salt, int revision) {}

    /// Where it is on its way.
    public FindingState state() {
        return progress.state();
    }

    /// The ledger's record of it.
    ///
    /// @param rulingSequence the ledger entry of the ruling that flagged it
    FindingRecord record(long rulingSequence) {
        return FindingRecord.newBuilder()
                .setFindingId(id.value())
                .setRevision(progress.attested().revision())
                .setRuling(rulingSequence)
                .setCommitment(commitment().bytes())
                .build();
    }

    /// SHA-256 over all that was ruled.
    Digest commitment() {
        FindingFacts facts = FindingFacts.newBuilder()
                .setSalt(salt())
                .setStorageId(storage.value())
                .setKey(object.key())
                .setVersion(object.version())
                .setBytes(object.bytes())
                .setSha256(sha256.bytes())
                .setCategory(ruling.category())
                .setRuleId(ruling.ruleId())
                .setBasisKind(ruling.by().name())
                .addAllScores(BasisBytes.wire(ruling.basis()))
                .setPolicyEpoch(epoch.bytes())
                .build();
        return Digest.of(facts.toByteString());
    }

    private ByteString salt() {
        UUID salt = progress.attested().salt();
        return ByteString.copyFrom(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(salt.getMostSignificantBits())
                .putLong(salt.getLeastSignificantBits())
                .flip());
    }

    /// The same finding after another ruling on it.
    StoredFinding ruledAgain(Ruling.Flagged newest, Digest newestEpoch) {
        Attested attested =
                new Attested(progress.attested().salt(), progress.attested().revision() + 1);
        return new StoredFinding(
                id,
                storage,
                object,
                sha256,
                newest,
                newestEpoch,
                new Progress(progress.state(), progress.quarantineOrder(), attested));
    }
}
