package org.picket.coordinator.progress;

import io.grpc.BindableService;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ledger.Ledger;
import org.picket.runtime.time.TimeSource;

/// Makes the services for administrators. Their calls may block.
public final class Progress {
    private Progress() {}

    /// `picket.v1.Sites`.
    public static BindableService sites(ProgressParts parts) {
        return new SitesEndpoint(parts);
    }

    /// `picket.v1.Ledger`.
    public static BindableService ledger(Database database, TimeSource time, Ledger ledger) {
        return new LedgerEndpoint(database, time, ledger);
    }
}
