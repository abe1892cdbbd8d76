package org.picket.coordinator.removal;

import java.util.Optional;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.VerifyingKey;

/// Who makes the present call, and for which storages it may act.
public interface CrawlerAccess {
    /// The key of the crawler that calls.
    VerifyingKey callerKey();

    /// The identity of a storage that the crawler that calls serves; empty where it does not.
    Optional<String> callerServes(StorageId storage);
}
