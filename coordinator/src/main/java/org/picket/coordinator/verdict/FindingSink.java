package org.picket.coordinator.verdict;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.Ruled;

/// Takes rulings that people or orders may follow from.
@FunctionalInterface
public interface FindingSink {
    /// Writes them down.
    ///
    /// @param handle in the transaction that rules
    /// @param rulings all of that transaction
    void record(Handle handle, List<Ruled> rulings);
}
