package org.picket.coordinator.progress;

import java.util.Objects;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.ScanProgress;

/// How far a listing has come, as far as listings and shards tell.
///
/// @param storage that is listed
/// @param counts with all that listing and shards know: from `listed` to `bytes`, and `stuck`
/// @param over whether the listing is finished and no shard of it is open; also where it was given up
public record Scan(StorageId storage, ScanProgress counts, boolean over) {
    public Scan {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(counts);
    }
}
