package org.picket.coordinator.removal;

import org.picket.proto.id.StorageId;
import org.picket.proto.seal.VerifyingKey;

/// Who makes the present call, and for which storages it may act.
public interface CrawlerAccess {
    /// The key of the crawler that calls.
    VerifyingKey callerKey();

    /// Whether the crawler that calls serves a storage.
    boolean callerServes(StorageId storage);
}
