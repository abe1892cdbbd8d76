package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Writes orders down, signed, in the transaction that changes their findings: either both are there or neither.
@FunctionalInterface
public interface Ordering {
    /// Writes an order for each request.
    ///
    /// @param handle in a transaction
    void order(Handle handle, List<OrderRequest> requests, Instant now);
}
