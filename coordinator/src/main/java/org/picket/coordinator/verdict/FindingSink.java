package org.picket.coordinator.verdict;

import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.RulingContext;
import org.picket.coordinator.finding.Rulings;

/// Takes rulings that people or orders may follow from.
@FunctionalInterface
public interface FindingSink {
    /// Writes them down.
    ///
    /// @param handle in the transaction that rules
    void record(Handle handle, RulingContext context, Rulings rulings);
}
