package org.picket.cli;

import java.io.PrintStream;
import java.util.List;
import org.picket.coordinator.CoordinatorProcess;
import org.picket.coordinator.audit.LedgerAudit;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ledger.Verification;
import org.picket.proto.seal.SigningKey;
import org.picket.runtime.terminal.Amounts;

/// Checks the whole ledger with what it tells of, and says what came of it.
final class LedgerCheck {
    private LedgerCheck() {}

    /// @param kept checkpoints that were handed out earlier and kept elsewhere
    /// @return the exit status
    static int run(Database database, SigningKey key, List<String> kept, PrintStream out) {
        Verification verification =
                new LedgerAudit(database, CoordinatorProcess.LEDGER_ORIGIN, List.of(key.verifyingKey())).verify(kept);
        return switch (verification) {
            case Verification.Verified verified -> {
                out.println("verified: " + Amounts.count(verified.size()) + " entries, "
                        + Amounts.count(verified.vouched()) + " of them under a signed checkpoint; root "
                        + verified.root().hex());
                yield Exit.COMPLETE;
            }
            case Verification.Broken broken -> {
                out.println("BROKEN at entry " + broken.seq() + ": " + broken.what());
                yield Exit.INCOMPLETE;
            }
        };
    }
}
