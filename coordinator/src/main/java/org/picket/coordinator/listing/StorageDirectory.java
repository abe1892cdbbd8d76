package org.picket.coordinator.listing;

import java.util.Optional;
import org.picket.proto.id.StorageId;

/// Knows the registered storages. Asked often: answers come from memory.
@FunctionalInterface
public interface StorageDirectory {
    /// A storage's present terms; empty where it is not registered or stopped.
    Optional<StorageTerms> find(StorageId storage);
}
