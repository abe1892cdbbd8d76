package org.picket.coordinator.shard;

import com.google.protobuf.ByteString;
import java.util.List;

/// What a shard covers.
///
/// @param firstKey first key
/// @param lastKey last key, included
/// @param objects as listed
/// @param bytes as listed
/// @param digests those of its ranges, one after the other
public record ShardSpan(String firstKey, String lastKey, int objects, long bytes, ByteString digests) {
    /// Joins consecutive ranges.
    static ShardSpan of(List<KeyRange> ranges) {
        int objects = 0;
        long bytes = 0;
        ByteString digests = ByteString.EMPTY;
        for (KeyRange range : ranges) {
            objects += range.objects();
            bytes += range.bytes();
            digests = digests.concat(range.digest());
        }
        return new ShardSpan(
                ranges.getFirst().firstKey(),
                ranges.getLast().lastKey(),
                objects,
                bytes,
                ByteString.copyFrom(digests.toByteArray()));
    }

    @Override
    public String toString() {
        return "ShardSpan[" + objects + " objects]";
    }
}
