package org.picket.coordinator.shard;

import java.sql.Array;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.fleet.OwnerId;

/// What reports write of one listing's shards: one statement for as many of them as come together, since one that
/// is run for each costs the server three times as much.
final class PostgresReports {
    private PostgresReports() {}

    /// @param table of the listing's shards
    /// @param changes of different shards
    /// @return numbers of those whose fence was the current one
    static List<Integer> change(Handle handle, String table, long listing, List<ShardStore.Change> changes) {
        return handle.createQuery("update " + table
                        + " s set state = v.state, ruled = v.ruled, after_key = v.after_key,"
                        + " rulings = v.rulings, digest = v.digest, take = v.take, attempts = v.attempts,"
                        + " failed_owners = v.failed_owners::bigint[], again = s.again or v.again,"
                        + " successes = v.successes"
                        + " from unnest(:states, :ruled, :afterKeys, :rulings, :digests, :takes, :attempts, :owners,"
                        + " :agains, :successes, :numbers, :leases, :epochs, :terms, :ruledBefore)"
                        + " v(state, ruled, after_key, rulings, digest, take, attempts, failed_owners, again,"
                        + " successes, number, lease_id, lease_epoch, term, ruled_before)"
                        + " where s.listing_id = " + listing + " and s.number = v.number and s.lease_id = v.lease_id"
                        + " and s.lease_epoch = v.lease_epoch and s.term = v.term and s.ruled = v.ruled_before"
                        + " and s.state = " + ShardStore.LEASED + " returning s.number")
                .bindBySqlType("states", shorts(handle, changes, change -> code(change.state())), Types.ARRAY)
                .bindBySqlType(
                        "ruled", ints(handle, changes, change -> change.past().ruled()), Types.ARRAY)
                .bindBySqlType(
                        "afterKeys",
                        texts(handle, changes, change -> change.past().afterKey()),
                        Types.ARRAY)
                .bindBySqlType(
                        "rulings",
                        bytes(handle, changes, change -> change.past().rulings().toByteArray()),
                        Types.ARRAY)
                .bindBySqlType(
                        "digests",
                        bytes(handle, changes, change -> change.past().digest()),
                        Types.ARRAY)
                .bindBySqlType(
                        "takes", ints(handle, changes, change -> trial(change).take()), Types.ARRAY)
                .bindBySqlType(
                        "attempts",
                        shorts(handle, changes, change -> trial(change).attempts()),
                        Types.ARRAY)
                .bindBySqlType("owners", texts(handle, changes, change -> owners(trial(change))), Types.ARRAY)
                .bindBySqlType(
                        "agains",
                        array(handle, "boolean", changes, ShardStore.Change::again, Boolean[]::new),
                        Types.ARRAY)
                .bindBySqlType(
                        "successes",
                        shorts(handle, changes, change -> trial(change).successes()),
                        Types.ARRAY)
                .bindBySqlType(
                        "numbers", ints(handle, changes, change -> change.key().number()), Types.ARRAY)
                .bindBySqlType(
                        "leases",
                        array(
                                handle,
                                "uuid",
                                changes,
                                change -> change.fence().lease().value(),
                                UUID[]::new),
                        Types.ARRAY)
                .bindBySqlType(
                        "epochs",
                        longs(handle, changes, change -> change.fence().epoch()),
                        Types.ARRAY)
                .bindBySqlType(
                        "terms", longs(handle, changes, change -> change.fence().term()), Types.ARRAY)
                .bindBySqlType("ruledBefore", ints(handle, changes, ShardStore.Change::ruledBefore), Types.ARRAY)
                .map((row, _) -> row.getInt(1))
                .list();
    }

    /// @param table of the listing's scores
    static void addScores(Handle handle, String table, long listing, List<ShardStore.Scores> scores) {
        handle.createUpdate("insert into " + table + " (listing_id, number, first, block) select " + listing
                        + ", number, first, block from unnest(:numbers, :firsts, :blocks) v(number, first, block)")
                .bindBySqlType(
                        "numbers", ints(handle, scores, each -> each.key().number()), Types.ARRAY)
                .bindBySqlType("firsts", ints(handle, scores, ShardStore.Scores::first), Types.ARRAY)
                .bindBySqlType("blocks", bytes(handle, scores, ShardStore.Scores::block), Types.ARRAY)
                .execute();
    }

    private static int code(ShardState state) {
        return switch (state) {
            case ShardState.Open _ -> ShardStore.OPEN;
            case ShardState.Leased _ -> ShardStore.LEASED;
            case ShardState.Ruled _ -> ShardStore.RULED;
        };
    }

    private static Trial trial(ShardStore.Change change) {
        return switch (change.state()) {
            case ShardState.Open(Trial trial) -> trial;
            case ShardState.Leased(Trial trial, var _) -> trial;
            case ShardState.Ruled _ -> Trial.NONE;
        };
    }

    /// An array within an array: as PostgreSQL writes one.
    private static String owners(Trial trial) {
        Set<OwnerId> owners = trial.failedOwners();
        return owners.isEmpty()
                ? "{}"
                : owners.stream()
                        .map(OwnerId::value)
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static <T> Array shorts(Handle handle, List<T> from, Function<T, Integer> value) {
        return array(handle, "smallint", from, each -> value.apply(each).shortValue(), Short[]::new);
    }

    private static <T> Array ints(Handle handle, List<T> from, Function<T, Integer> value) {
        return array(handle, "integer", from, value, Integer[]::new);
    }

    private static <T> Array longs(Handle handle, List<T> from, Function<T, Long> value) {
        return array(handle, "bigint", from, value, Long[]::new);
    }

    private static <T> Array texts(Handle handle, List<T> from, Function<T, String> value) {
        return array(handle, "text", from, value, String[]::new);
    }

    private static <T> Array bytes(Handle handle, List<T> from, Function<T, byte[]> value) {
        return array(handle, "bytea", from, value, byte[][]::new);
    }

    private static <T, V> Array array(
            Handle handle, String type, List<T> from, Function<T, V> value, IntFunction<V[]> maker) {
        try {
            return handle.getConnection()
                    .createArrayOf(type, from.stream().map(value).toArray(maker));
        } catch (SQLException e) {
            throw new IllegalStateException("an array of " + type + " cannot be made", e);
        }
    }
}
