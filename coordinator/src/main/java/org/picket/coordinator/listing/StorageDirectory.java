package org.picket.coordinator.listing;

import java.util.Optional;
import org.picket.proto.id.StorageId;

/// Knows the registered storages. Asked often: answers come from memory.
@FunctionalInterface
public interface StorageDirectory {
    /// A storage's present terms; empty where it is not registered or stopped.
    Optional<StorageTerms> find(StorageId storage);

    /// As the other one; empty also where the storage of that number is another one by now.
    ///
    /// @param identity as it was registered; empty: not said
    default Optional<StorageTerms> find(StorageId storage, String identity) {
        return find(storage)
                .filter(terms -> identity.isEmpty() || terms.identity().equals(identity));
    }
}
