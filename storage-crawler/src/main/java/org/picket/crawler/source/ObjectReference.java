package org.picket.crawler.source;

import java.time.Instant;
import java.util.Objects;

/// One stored object as a listing names it: where it is and which content of that place is meant.
///
/// @param key path below the storage root, `/`-separated, never empty
/// @param version opaque: for a folder size, time of modification and inode in hex; for S3 the version id, or
/// the ETag where the bucket keeps no versions. Equal versions of one key mean equal content.
/// @param sizeBytes length of the content
/// @param modified when the storage says that the content was written; a time outside of the years 1 to 9999,
/// which no protocol can carry, counts as the nearest one inside
public record ObjectReference(String key, String version, long sizeBytes, Instant modified) {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    public ObjectReference {
        Objects.requireNonNull(modified, "modified");
        modified = modified.isBefore(EARLIEST) ? EARLIEST : modified.isAfter(LATEST) ? LATEST : modified;
        if (key.isEmpty() || version.isEmpty()) {
            throw new IllegalArgumentException("an object reference needs a key and a version");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("sizeBytes is negative: " + sizeBytes);
        }
    }
}
