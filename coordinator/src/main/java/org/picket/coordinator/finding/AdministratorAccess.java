package org.picket.coordinator.finding;

import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.StorageId;

/// Who makes the present call, and about which storages that person decides.
public interface AdministratorAccess {
    /// The storages of the caller's site, with the identities that people know them by.
    Map<StorageId, String> callerStorages(Handle handle);

    /// The caller's name, for people.
    String callerName();
}
