package org.picket.crawler.listing;

import com.google.protobuf.ByteString;
import org.picket.proto.limit.Limits;

/// Consecutive objects of a storage in key order.
///
/// @param firstKey included
/// @param lastKey included
/// @param objects how many, 1 to [Limits#RANGE_OBJECTS]
/// @param bytes their sizes together
/// @param digest the first 16 bytes of a SHA-256 over keys and versions
public record KeySpan(String firstKey, String lastKey, int objects, long bytes, ByteString digest) {
    /// Length of the digest in bytes.
    public static final int DIGEST_LENGTH = 16;

    public KeySpan {
        if (objects < 1 || objects > Limits.RANGE_OBJECTS || digest.size() != DIGEST_LENGTH) {
            throw new IllegalArgumentException("a range has 1 to " + Limits.RANGE_OBJECTS + " objects and a digest");
        }
    }
}
