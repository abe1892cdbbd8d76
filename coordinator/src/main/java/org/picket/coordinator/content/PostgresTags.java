package org.picket.coordinator.content;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardStore;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// Tags as they are kept with the scores of shards, in PostgreSQL. Each method runs in its caller's
/// transaction.
final class PostgresTags {
    private PostgresTags() {}

    /// A storage and its present epoch.
    record Place(StorageId storage, Digest epoch) {}

    static List<Place> places(Handle handle, SiteId site) {
        return handle.createQuery("""
                        select storage.id, storage_terms.policy_epoch
                          from storage join storage_terms on storage_terms.storage_id = storage.id
                         where storage.site_id = :site order by storage.id
                        """)
                .bind("site", site.value())
                .map((row, context) -> new Place(new StorageId(row.getLong(1)), Digest.wrap(row.getBytes(2))))
                .list();
    }

    /// Has shards with a wanted tag looked at again by the next listing.
    ///
    /// @return whether each place of such a tag is known; not where a later listing has taken a shard over
    static boolean lookAgain(Handle handle, Place place, LongPredicate wanted) {
        List<Long> listings = handle.createQuery("""
                        select id from listing
                         where storage_id = :storage and policy_epoch = :epoch and not scores_dropped order by id
                        """)
                .bind("storage", place.storage().value())
                .bind("epoch", place.epoch().toByteArray())
                .mapTo(Long.class)
                .list();
        Optional<Long> newest = handle.createQuery("select max(id) from listing where storage_id = :storage")
                .bind("storage", place.storage().value())
                .mapTo(Long.class)
                .findOne();
        boolean known = true;
        for (Long listing : listings) {
            Set<Integer> shards = new TreeSet<>();
            ShardStore.eachScores(handle, new ListingId(listing), (number, block) -> {
                if (!shards.contains(number) && holds(ScoreBlock.decode(block), wanted)) {
                    shards.add(number);
                }
            });
            if (!shards.isEmpty() && newest.equals(Optional.of(listing))) {
                ShardStore.lookAgain(handle, new ListingId(listing), shards);
            } else {
                known &= shards.isEmpty();
            }
        }
        return known;
    }

    /// Has shards of the newest listing of their storage looked at again by the next one.
    ///
    /// @return whether all of them are of that
    static boolean lookAgain(Handle handle, Collection<ShardId> shards) {
        Map<ListingId, Set<Integer>> byListing = shards.stream()
                .map(ShardKey::of)
                .collect(Collectors.groupingBy(
                        ShardKey::listing, Collectors.mapping(ShardKey::number, Collectors.toSet())));
        boolean newest = true;
        for (Map.Entry<ListingId, Set<Integer>> each : byListing.entrySet()) {
            boolean last = handle.createQuery("""
                            select not exists (select from listing later join listing this on this.id = :id
                                                where later.storage_id = this.storage_id and later.id > this.id)
                            """)
                    .bind("id", each.getKey().value())
                    .mapTo(Boolean.class)
                    .one();
            if (last) {
                ShardStore.lookAgain(handle, each.getKey(), each.getValue());
            }
            newest &= last;
        }
        return newest;
    }

    private static boolean holds(ScoreBlock block, LongPredicate wanted) {
        for (int i = 0; i < block.objects(); i++) {
            if (block.tag(i) != 0 && wanted.test(block.tag(i))) {
                return true;
            }
        }
        return false;
    }
}
