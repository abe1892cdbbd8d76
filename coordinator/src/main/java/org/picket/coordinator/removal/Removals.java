package org.picket.coordinator.removal;

import io.grpc.BindableService;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.finding.Findings;
import org.picket.proto.id.StorageId;
import org.picket.runtime.time.TimeSource;

/// The outbox of removal orders, and the service that crawlers call.
///
/// Thread-safe.
public final class Removals {
    private final Outbox outbox;
    private final RemovalsEndpoint endpoint;

    /// @param findings moved by receipts
    /// @param ledger takes each receipt in
    /// @param access tells who calls
    public Removals(
            Database database,
            TimeSource time,
            Findings findings,
            LedgerAppend ledger,
            CrawlerAccess access,
            RemovalSettings settings) {
        Objects.requireNonNull(access);
        this.outbox = new Outbox(database, time, settings);
        this.endpoint = new RemovalsEndpoint(database, time, outbox, new Acknowledgement(findings, ledger), access);
    }

    /// `picket.v1.Removals`; its calls may block.
    public BindableService service() {
        return endpoint;
    }

    /// Hurries waiting crawlers: orders were written, and their transaction has committed. Nothing is lost
    /// without it.
    public void ordersWritten() {
        outbox.hint();
    }

    /// Orders of a storage without a receipt.
    public long openOrders(Handle handle, StorageId storage) {
        return PostgresOrders.openOrders(handle, storage);
    }
}
