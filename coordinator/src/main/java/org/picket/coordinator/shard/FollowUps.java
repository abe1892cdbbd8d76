package org.picket.coordinator.shard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.picket.proto.id.ListingId;

/// Follow-ups in PostgreSQL. Each method runs in its caller's transaction.
public final class FollowUps {
    private FollowUps() {}

    /// Adds them as open shards. Their numbers rise in the order of commits, because whoever numbers them holds the
    /// listing's row.
    ///
    /// @param firstNumber of the first of them
    public static void add(Handle handle, ListingId listing, int firstNumber, List<FollowUp> made) {
        PreparedBatch shards = handle.prepareBatch("insert into " + ShardStore.table(listing)
                + " (listing_id, number, first_key, last_key, objects, bytes, ranges, state) values (" + listing
                + ", ?, ?, ?, ?, 0, ''::bytea, " + ShardStore.OPEN + ")");
        PreparedBatch objects =
                handle.prepareBatch("insert into follow_up (listing_id, number, parent, scored, bundle, objects)"
                        + " values (" + listing + ", ?, ?, ?, ?, ?)");
        int number = firstNumber;
        for (FollowUp one : made) {
            shards.bind(0, number)
                    .bind(1, one.firstKey())
                    .bind(2, one.lastKey())
                    .bind(3, one.objects().size())
                    .add();
            objects.bind(0, number)
                    .bind(1, one.parent())
                    .bind(2, one.scored())
                    .bind(3, one.bundle())
                    .bind(4, FollowUpBytes.encode(one.objects()))
                    .add();
            number++;
        }
        shards.execute();
        objects.execute();
    }

    /// Notes in shards what becomes of the follow-ups that came out of them, and forgets those that are over.
    ///
    /// @param changes by the shard whose report brings them
    public static void settle(Handle handle, ListingId listing, Map<Integer, FollowUpChange> changes) {
        PreparedBatch parents = handle.prepareBatch("update " + ShardStore.table(listing)
                + " set waiting = waiting + ?, again = again or ? where listing_id = " + listing + " and number = ?");
        // One row once, in one order: several reports of a batch may be about follow-ups of one shard.
        TreeMap<Integer, int[]> sums = new TreeMap<>();
        changes.values().forEach(change -> {
            int[] sum = sums.computeIfAbsent(change.parent(), _ -> new int[2]);
            sum[0] += change.difference();
            sum[1] |= change.again() ? 1 : 0;
        });
        sums.forEach((parent, sum) ->
                parents.bind(0, sum[0]).bind(1, sum[1] != 0).bind(2, parent).add());
        parents.execute();
        Integer[] over = changes.entrySet().stream()
                .filter(change -> change.getValue().over())
                .map(Map.Entry::getKey)
                .toArray(Integer[]::new);
        if (over.length > 0) {
            handle.createUpdate("delete from follow_up where listing_id = " + listing + " and number = any(:over)")
                    .bind("over", over)
                    .execute();
        }
    }

    /// Those of some claimed shards that are follow-ups, with their objects.
    static List<ClaimedShard> read(Handle handle, ListingId listing, List<ClaimedShard> claimed) {
        Integer[] numbers = claimed.stream()
                .map(shard -> shard.key().number())
                .filter(FollowUp::is)
                .toArray(Integer[]::new);
        if (numbers.length == 0) {
            return claimed;
        }
        Map<Integer, FollowUp> found = new HashMap<>();
        handle.createQuery("select number, parent, scored, bundle, objects from follow_up where listing_id = " + listing
                        + " and number = any(:numbers)")
                .bind("numbers", numbers)
                .map((row, _) -> found.put(
                        row.getInt(1),
                        new FollowUp(
                                row.getInt(2), row.getInt(3), row.getInt(4), FollowUpBytes.decode(row.getBytes(5)))))
                .list();
        return claimed.stream()
                .map(shard -> FollowUp.is(shard.key().number())
                        ? shard.of(found.get(shard.key().number()))
                        : shard)
                .toList();
    }

    /// Open ones that wait for a bundle, by their numbers.
    ///
    /// @param after looks at higher numbers only
    static Integer[] open(Handle handle, ListingId listing, int bundle, int after, int limit) {
        return handle.createQuery("select number from " + ShardStore.table(listing) + " s where listing_id = "
                        + listing + " and number > :after and state = " + ShardStore.OPEN
                        + " and exists (select from follow_up f where f.listing_id = " + listing
                        + " and f.number = s.number and f.bundle = :bundle)"
                        + " order by number limit :limit for update skip locked")
                .bind("after", Math.max(after, FollowUp.FIRST - 1))
                .bind("bundle", bundle)
                .bind("limit", limit)
                .map((row, _) -> row.getInt(1))
                .list()
                .toArray(Integer[]::new);
    }

    /// Forgets what waits of a listing that is over.
    public static void forget(Handle handle, ListingId listing) {
        handle.createUpdate("delete from follow_up where listing_id = " + listing)
                .execute();
    }
}
