package org.picket.coordinator.listing;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.finding.AnsweredKeys;
import org.picket.coordinator.finding.OverruledKeys;
import org.picket.coordinator.shard.KeyRange;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.key.KeyOrder;

/// Which ranges of a page were ruled for good before.
///
/// Earlier listings keep their ranges in their shards, in key order, so a page is compared with the stretch of
/// keys that it covers: nothing about known ranges is written when a shard is ruled, and nothing is held in
/// memory.
final class KnownRanges {
    /// Earlier listings that are looked at: more than one only where listings were given up on.
    static final int LISTINGS = 8;

    private static final int SHARDS_A_QUERY = 256;

    private KnownRanges() {}

    /// The digests of those ranges of the page that are ruled for good under its epoch. Where a storage has answered
    /// an order since they were listed, they cannot be as they were: they are looked at again. So are those of
    /// which a later listing found otherwise: its rulings wrote theirs over.
    ///
    /// @param grown the set of hash lists with which they must have been matched at least
    static Set<ByteString> find(Handle handle, Listing listing, List<KeyRange> page, long grown) {
        Set<ByteString> known = new HashSet<>();
        String first = page.getFirst().firstKey();
        String last = page.getLast().lastKey();
        for (Listing earlier : PostgresListings.earlier(handle, listing, grown, LISTINGS)) {
            Set<ByteString> settled = settled(handle, earlier, first, last);
            if (settled.isEmpty()) {
                continue;
            }
            NavigableSet<String> answered = AnsweredKeys.between(
                    handle, listing.storage(), first, last, earlier.scope().startedAt());
            NavigableSet<String> overruled =
                    OverruledKeys.between(handle, listing.storage(), first, last, earlier.id(), earlier.epoch());
            page.stream()
                    .filter(range -> settled.contains(range.digest()))
                    .filter(range -> !holds(range, answered) && !holds(range, overruled))
                    .forEach(range -> known.add(range.digest()));
        }
        return known;
    }

    private static boolean holds(KeyRange range, NavigableSet<String> answered) {
        return !answered.subSet(range.firstKey(), true, range.lastKey(), true).isEmpty();
    }

    private static Set<ByteString> settled(Handle handle, Listing earlier, String first, String last) {
        Set<ByteString> digests = new HashSet<>();
        int from = firstShard(handle, earlier, first);
        List<ShardStore.Earlier> shards;
        do {
            shards = ShardStore.earlier(handle, earlier.id(), from, last, SHARDS_A_QUERY);
            for (ShardStore.Earlier shard : shards) {
                if (shard.settled()) {
                    split(shard.digests(), digests);
                }
                from = shard.number() + 1;
            }
        } while (shards.size() == SHARDS_A_QUERY);
        return digests;
    }

    /// The first shard that ends at or after the key, by bisection over the dense numbers.
    private static int firstShard(Handle handle, Listing earlier, String key) {
        int low = 1;
        int high = earlier.intake().shards() + 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Optional<String> last = ShardStore.lastKey(handle, earlier.id(), middle);
            if (last.isPresent() && KeyOrder.compare(last.get(), key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void split(byte[] digests, Set<ByteString> into) {
        for (int at = 0; at + KeyRange.DIGEST_BYTES <= digests.length; at += KeyRange.DIGEST_BYTES) {
            into.add(ByteString.copyFrom(digests, at, KeyRange.DIGEST_BYTES));
        }
    }
}
