package org.picket.crawler.match;

import org.picket.proto.seal.Digest;

/// Names the lists that were in force for a storage at some time.
///
/// @param digest over all of them; the same lists, in force once more, have the same
/// @param revision of two names of one storage, the newer has the larger one
public record SetName(Digest digest, long revision) {

    /// Whether who has the lists of this name needs to fetch those of the other one: not if they are the same,
    /// nor if they were in force before.
    boolean isSupersededBy(SetName other) {
        return !digest.equals(other.digest) && other.revision >= revision;
    }
}
