package org.picket.coordinator.content;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Finds contents that are flagged under an epoch at the site of a storage.
public interface FlaggedContents {
    /// Rulings of those among the contents that are flagged.
    ///
    /// @param storage one of the site's
    Map<Digest, Ruling.Flagged> find(Handle handle, StorageId storage, Digest epoch, Collection<Digest> contents);

    /// Tells of every content that is or was flagged; of one that is found in copies, perhaps more than once.
    ///
    /// @param storage one of the site's
    /// @param since only those that may have been flagged since
    void each(Handle handle, StorageId storage, Digest epoch, Horizon since, Consumer<Digest> listener);
}
