package org.picket.coordinator.audit;

import java.util.List;
import java.util.Optional;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.FindingEvidence;
import org.picket.coordinator.ledger.EntryCheck;
import org.picket.coordinator.ledger.LedgerReader;
import org.picket.coordinator.ledger.LedgerVerifier;
import org.picket.coordinator.ledger.SealedEntries;
import org.picket.coordinator.ledger.Verification;
import org.picket.coordinator.removal.OrderEvidence;
import org.picket.proto.seal.VerifyingKey;

/// Checks a whole ledger with its findings, orders and receipts: signatures, hashes, sums, references both
/// ways, and that each finding's state follows from its receipts. The database should be at rest meanwhile.
///
/// Stateless between calls; safe for any number of threads.
public final class LedgerAudit {
    private final Database database;
    private final String origin;
    private final List<VerifyingKey> keys;

    /// @param origin of the ledger, as its checkpoints name it
    /// @param keys of the coordinator, past ones included: for checkpoints and orders
    public LedgerAudit(Database database, String origin, List<VerifyingKey> keys) {
        this.database = database;
        this.origin = origin;
        this.keys = List.copyOf(keys);
    }

    /// Checks everything, and names the first entry that is not as it should be.
    ///
    /// @param kept checkpoints that were handed out earlier and kept elsewhere
    public Verification verify(List<String> kept) {
        EffectCheck effects = new EffectCheck(database, keys);
        EntryCheck checks = EntryCheck.all(new SealedEntries(), new RoleCheck(), new RulingCheck(), effects);
        Verification verification = new LedgerReader(database).verify(new LedgerVerifier(origin, keys, checks), kept);
        return switch (verification) {
            case Verification.Broken broken -> broken;
            case Verification.Verified verified ->
                rows(effects.tally()).<Verification>map(found -> found).orElse(verified);
        };
    }

    /// What the entries cannot show: rows that no entry tells of, and states that no receipt led to.
    private Optional<Verification.Broken> rows(EffectCheck.Tally tally) {
        return database.read(handle -> {
            OrderEvidence.Counts counts = OrderEvidence.counts(handle);
            return surplus("finding", FindingEvidence.count(handle), tally.findings())
                    .or(() -> surplus("order", counts.orders(), tally.orders()))
                    .or(() -> surplus("receipt", counts.receipts(), tally.receipts()))
                    .or(() -> OrderEvidence.disorder(handle)
                            .map(found -> new Verification.Broken(found.sequence(), found.what())));
        });
    }

    private Optional<Verification.Broken> surplus(String what, long rows, long entries) {
        return rows == entries
                ? Optional.empty()
                : Optional.of(new Verification.Broken(
                        new LedgerReader(database).head().size(),
                        "the database holds " + rows + " rows of the kind " + what + ", and the ledger tells of "
                                + entries));
    }
}
