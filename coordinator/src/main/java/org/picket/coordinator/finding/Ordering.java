package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.proto.v1.FindingRecord;

/// Writes orders down, signed, and tells the ledger of them and of their findings, in the transaction that
/// changes these: all of it is there or nothing.
@FunctionalInterface
public interface Ordering {
    /// Tells the ledger of findings, and writes an order for each request.
    ///
    /// @param handle in a transaction
    /// @param findings new ones, and those ruled on again
    void order(Handle handle, List<FindingRecord> findings, List<OrderRequest> requests, Instant now);
}
