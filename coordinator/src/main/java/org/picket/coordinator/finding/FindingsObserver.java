package org.picket.coordinator.finding;

import java.util.Collection;
import org.picket.proto.id.StorageId;

/// Hears of what a person has decided, after the transaction. Must not block.
public interface FindingsObserver {
    /// Orders were written.
    void ordersWritten();

    /// Content was allowed at storages.
    void allowed(Collection<StorageId> storages);
}
