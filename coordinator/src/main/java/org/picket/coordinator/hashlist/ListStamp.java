package org.picket.coordinator.hashlist;

import java.util.Objects;
import org.picket.proto.seal.Digest;

/// Names what is in force at a site.
///
/// @param number counts the sets of a site; 0 where it never had a list
/// @param grown what was matched with this set or a later one need not be matched again
/// @param digest over all that is in force
/// @param pictures whether anything in force is known by its picture
public record ListStamp(long number, long grown, Digest digest, boolean pictures) {
    /// Of a site that never had a list.
    public static final ListStamp NONE = new ListStamp(0, 0, Digest.of(new byte[0]), false);

    public ListStamp {
        Objects.requireNonNull(digest);
    }
}
