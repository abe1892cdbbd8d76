package org.picket.crawler.source;

import java.time.Instant;
import java.util.Objects;

/// One stored object as a listing names it: where it is and which content of that place is meant.
///
/// @param key path below the storage root, `/`-separated, never empty
/// @param version opaque: for a folder size, time of modification and inode in hex; for S3 the version id, or
/// the ETag where
///     the bucket keeps no versions. Equal versions of one key mean equal content.
/// @param sizeBytes length of the content
/// @param modified when the storage says that the content was written
public record ObjectReference(String key, String version, long sizeBytes, Instant modified) {

    public ObjectReference {
        Objects.requireNonNull(modified, "modified");
        if (key.isEmpty() || version.isEmpty()) {
            throw new IllegalArgumentException("an object reference needs a key and a version");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("sizeBytes is negative: " + sizeBytes);
        }
    }
}
