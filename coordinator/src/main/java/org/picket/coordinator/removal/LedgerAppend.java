package org.picket.coordinator.removal;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.proto.v1.LedgerBody;

/// Adds entries to the ledger in the caller's transaction.
@FunctionalInterface
public interface LedgerAppend {
    /// Adds entries, in order and without a gap.
    ///
    /// @param handle in a transaction
    /// @return the sequence of the first
    long append(Handle handle, List<LedgerBody> bodies);
}
