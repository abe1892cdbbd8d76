package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// What a site has allowed for good.
@FunctionalInterface
public interface AllowedContent {
    /// Puts content on the allowlist of the storage's site; nothing changes where it is there already.
    ///
    /// @param handle in a transaction
    /// @param by the person who allowed it
    /// @return every storage for which it is allowed now, the given one among them
    List<StorageId> allow(Handle handle, StorageId storage, Digest sha256, String by, Instant now);
}
