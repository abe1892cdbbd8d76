package org.picket.crawler.supply;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.picket.crawler.match.SetName;
import org.picket.proto.v1.Fence;

/// What a ticket stands for.
///
/// @param fence the right of the lease
/// @param shard its shard
/// @param after objects after this key; empty: from `first`
/// @param first the first key, included
/// @param last the last key, included
/// @param viewSize side of a view in pixels
/// @param most what is taken at most
/// @param lists names the hash lists to match first; empty: there are none
/// @param oldest how long ago an object may have been modified; empty: any time
/// @param picked keys of the objects that alone are supplied; empty: all
record Terms(
        Fence fence,
        long shard,
        Optional<String> after,
        String first,
        String last,
        int viewSize,
        Most most,
        Optional<SetName> lists,
        Optional<Duration> oldest,
        Set<String> picked) {

    /// Whether an object of the range is to be supplied.
    boolean picks(String key) {
        return picked.isEmpty() || picked.contains(key);
    }

    /// What is taken at most.
    ///
    /// @param bytes of one object
    /// @param pixels of one picture
    /// @param objects of the lease
    record Most(long bytes, long pixels, int objects) {}
}
