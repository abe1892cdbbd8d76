package org.picket.coordinator.fleet;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.proto.v1.LedgerBody;

/// Takes what must be provable. Entries and what they tell of are committed together or not at all.
@FunctionalInterface
public interface LedgerSink {
    /// Appends entries in order.
    ///
    /// @param handle in a transaction
    /// @return sequence number of the first of them
    long append(Handle handle, List<LedgerBody> bodies);
}
