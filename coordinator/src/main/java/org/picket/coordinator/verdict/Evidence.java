package org.picket.coordinator.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.LedgerSink;
import org.picket.coordinator.fleet.Member;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.Sealed;
import org.picket.runtime.time.TimeSource;

/// Writes late verdicts down, so many for each agent and hour: who floods the ledger gains nothing by it.
final class Evidence {
    /// Late verdicts of one agent that are kept in an hour; any more are answered alike and forgotten.
    static final int PER_HOUR = 60;

    private static final Duration WINDOW = Duration.ofHours(1);

    private final Database database;
    private final TimeSource time;
    private final LedgerSink ledger;
    private final Map<MemberId, Window> windows = new HashMap<>();

    private record Window(Instant since, int count) {}

    Evidence(Database database, TimeSource time, LedgerSink ledger) {
        this.database = database;
        this.time = time;
        this.ledger = ledger;
    }

    void keep(Member agent, Sealed verdict) {
        if (admit(agent.id(), time.now())) {
            LedgerBody body = LedgerBody.newBuilder().setLateVerdict(verdict).build();
            database.useTransaction(handle -> ledger.append(handle, List.of(body)));
        }
    }

    private synchronized boolean admit(MemberId agent, Instant now) {
        windows.values().removeIf(window -> window.since().plus(WINDOW).isBefore(now));
        Window window = windows.getOrDefault(agent, new Window(now, 0));
        if (window.count() >= PER_HOUR) {
            return false;
        }
        windows.put(agent, new Window(window.since(), window.count() + 1));
        return true;
    }
}
