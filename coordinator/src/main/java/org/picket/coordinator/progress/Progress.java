package org.picket.coordinator.progress;

import io.grpc.BindableService;
import java.util.function.IntSupplier;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ledger.Ledger;
import org.picket.runtime.time.TimeSource;

/// Makes the services for administrators. Their calls may block.
public final class Progress {
    private Progress() {}

    /// `picket.v1.Sites`.
    ///
    /// @param sentOn another number each time that those who watch are to go on elsewhere
    public static BindableService sites(ProgressParts parts, IntSupplier sentOn) {
        return new SitesEndpoint(parts, sentOn);
    }

    /// `picket.v1.Ledger`.
    public static BindableService ledger(Database database, TimeSource time, Ledger ledger) {
        return new LedgerEndpoint(database, time, ledger);
    }
}
