package org.picket.coordinator.verdict;

import java.util.List;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.fleet.Member;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Sealed;
import org.picket.runtime.time.TimeSource;

/// Writes late verdicts down, so many for each agent and hour: who floods the ledger gains nothing by it.
final class Evidence {
    /// Late verdicts of one agent that are kept in an hour; any more are answered alike and forgotten.
    static final int PER_HOUR = 60;

    private final Database database;
    private final TimeSource time;
    private final LedgerSink ledger;
    private final HourlyLimit limit = new HourlyLimit(PER_HOUR);

    Evidence(Database database, TimeSource time, LedgerSink ledger) {
        this.database = database;
        this.time = time;
        this.ledger = ledger;
    }

    void keep(Member agent, Sealed verdict) {
        if (limit.take(agent.id(), time.now())) {
            LedgerBody body = LedgerBody.newBuilder().setLateVerdict(verdict).build();
            database.useTransaction(handle -> ledger.append(handle, List.of(body)));
        }
    }
}
