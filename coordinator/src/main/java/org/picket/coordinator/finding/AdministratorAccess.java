package org.picket.coordinator.finding;

import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.StorageId;

/// Who makes the present call, and about which storages that person decides.
public interface AdministratorAccess {
    /// The storages of the caller's site, with the identities that people know them by.
    Map<StorageId, String> callerStorages(Handle handle);

    /// On what terms one of them is scanned now; empty: on none, or it is another site's.
    Optional<ModeTerms> callerTerms(StorageId storage);

    /// The caller's name, for people.
    String callerName();
}
