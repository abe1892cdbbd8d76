package org.picket.coordinator.shard;

import java.io.IOException;
import java.io.StringReader;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.picket.coordinator.database.DatabaseException;
import org.picket.coordinator.database.Horizon;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.ListingId;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/// Shards in PostgreSQL: one partition a listing, addressed by its name, so that no plan ever touches another
/// one. Each method runs in its caller's transaction.
public final class ShardStore {
    static final int OPEN = 0;
    static final int LEASED = 1;
    static final int RULED = 2;
    static final int KNOWN = 3;

    private static final int BLOCKS_A_FETCH = 64;

    /// What the driver takes for "binary from the first execution on".
    private static final int ALWAYS_BINARY = -1;

    private static final String CLAIMED_COLUMNS =
            "s.number, s.first_key, s.last_key, s.objects, s.lease_id, s.lease_epoch, s.term, s.take, s.attempts,"
                    + " s.failed_owners, s.ruled, s.after_key, s.rulings, s.digest, s.successes";

    private ShardStore() {}

    /// The ranges of a shard of an earlier listing.
    ///
    /// @param number the shard
    /// @param firstKey its first key
    /// @param digests those of its ranges, one after the other
    /// @param settled whether all of it is ruled for good
    public record Earlier(int number, String firstKey, byte[] digests, boolean settled) {}

    /// What a report changes in a shard's row.
    ///
    /// @param key the shard
    /// @param fence must be the current one
    /// @param state afterwards
    /// @param ruledBefore objects ruled before this report; else it was written already
    /// @param past what is ruled now, this report included
    /// @param again it holds an object whose trouble may pass, or that was gone: the next listing asks anew
    public record Change(ShardKey key, Fence fence, ShardState state, int ruledBefore, RuledPast past, boolean again) {}

    /// Makes the partitions of a new listing. Attached, not created in place: that takes no lock that a reader
    /// minds.
    public static void createPartitions(Handle handle, ListingId listing) {
        handle.execute("create table " + table(listing) + " (like shard including all)"
                + " with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)");
        handle.execute("alter table shard attach partition " + table(listing) + " for values in (" + listing + ")");
        // Written once and dropped as a whole: vacuuming would read and write all of it again, for nobody.
        handle.execute("create table " + blocks(listing) + " (like score_block including all)"
                + " with (autovacuum_enabled = false, toast.autovacuum_enabled = false)");
        handle.execute("alter table " + blocks(listing) + " alter column block set storage external");
        handle.execute(
                "alter table score_block attach partition " + blocks(listing) + " for values in (" + listing + ")");
    }

    /// Drops a listing's shards as a whole.
    public static void dropShards(Handle handle, ListingId listing) {
        handle.execute("drop table if exists " + table(listing));
    }

    /// Drops a listing's scores as a whole.
    public static void dropScores(Handle handle, ListingId listing) {
        handle.execute("drop table if exists " + blocks(listing));
    }

    /// Whether a listing has scores.
    public static boolean scored(Handle handle, ListingId listing) {
        return handle.createQuery("select exists (select from " + blocks(listing) + ")")
                .mapTo(Boolean.class)
                .one();
    }

    /// Adds shards by COPY.
    ///
    /// @param firstNumber of the first of them
    public static void copyIn(Handle handle, ListingId listing, int firstNumber, List<ShardPlan.Planned> shards) {
        StringBuilder rows = new StringBuilder();
        int number = firstNumber;
        for (ShardPlan.Planned planned : shards) {
            ShardSpan span = planned.span();
            rows.append(listing.value()).append('\t').append(number++).append('\t');
            escape(rows, span.firstKey());
            rows.append('\t');
            escape(rows, span.lastKey());
            rows.append('\t').append(span.objects()).append('\t').append(span.bytes());
            rows.append("\t\\\\x")
                    .append(HexFormat.of().formatHex(span.digests().toByteArray()));
            rows.append('\t').append(planned.known() ? KNOWN : OPEN).append('\n');
        }
        try {
            handle.getConnection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + table(listing)
                                    + " (listing_id, number, first_key, last_key, objects, bytes, ranges, state) from stdin",
                            new StringReader(rows.toString()));
        } catch (SQLException | IOException e) {
            throw new DatabaseException("the shards of listing " + listing + " cannot be written", e);
        }
    }

    private static void escape(StringBuilder into, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> into.append("\\\\");
                case '\t' -> into.append("\\t");
                case '\n' -> into.append("\\n");
                case '\r' -> into.append("\\r");
                default -> into.append(c);
            }
        }
    }

    /// Takes open shards, in order of their number, for leases of this term. Numbers that another coordinator
    /// is just taking are passed over.
    ///
    /// @param after looks at higher numbers only
    /// @param ids makes lease ids
    public static List<ClaimedShard> claimNext(
            Handle handle, ListingId listing, int after, int limit, long term, Supplier<LeaseId> ids) {
        Integer[] numbers = handle.createQuery("select number from " + table(listing)
                        + " where listing_id = " + listing + " and number > :after and number < "
                        + FollowUp.FIRST + " and state = " + OPEN
                        + " order by number limit :limit for update skip locked")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> row.getInt(1))
                .list()
                .toArray(Integer[]::new);
        return lease(handle, listing, numbers, term, ids);
    }

    /// As [#claimNext], of the follow-ups that wait for one further bundle.
    public static List<ClaimedShard> claimFollowUps(
            Handle handle, ShardKey after, int bundle, int limit, long term, Supplier<LeaseId> ids) {
        ListingId listing = after.listing();
        Integer[] numbers = FollowUps.open(handle, listing, bundle, after.number(), limit);
        return FollowUps.read(handle, listing, lease(handle, listing, numbers, term, ids));
    }

    /// Takes those of the named shards that are open.
    public static List<ClaimedShard> claim(
            Handle handle, ListingId listing, List<Integer> wanted, long term, Supplier<LeaseId> ids) {
        Integer[] numbers = handle.createQuery("select number from " + table(listing)
                        + " where listing_id = " + listing + " and number = any(:wanted) and state = " + OPEN
                        + " order by number for update skip locked")
                .bind("wanted", wanted.toArray(Integer[]::new))
                .map((row, context) -> row.getInt(1))
                .list()
                .toArray(Integer[]::new);
        return FollowUps.read(handle, listing, lease(handle, listing, numbers, term, ids));
    }

    private static List<ClaimedShard> lease(
            Handle handle, ListingId listing, Integer[] numbers, long term, Supplier<LeaseId> ids) {
        if (numbers.length == 0) {
            return List.of();
        }
        UUID[] leases = new UUID[numbers.length];
        Arrays.setAll(leases, i -> ids.get().value());
        return handle
                .createQuery("update " + table(listing) + " s set state = " + LEASED
                        + ", lease_id = v.lease_id, lease_epoch = s.lease_epoch + 1, term = :term"
                        + " from unnest(:numbers, :leases) v(number, lease_id)"
                        + " where s.listing_id = " + listing + " and s.number = v.number"
                        + " returning " + CLAIMED_COLUMNS)
                .bind("term", term)
                .bind("numbers", numbers)
                .bind("leases", leases)
                .map(claimed(listing))
                .stream()
                .sorted(Comparator.comparing(ClaimedShard::key))
                .toList();
    }

    private static RowMapper<ClaimedShard> claimed(ListingId listing) {
        return (row, context) -> {
            Long[] owners = (Long[]) row.getArray(10).getArray();
            int ruled = row.getInt(11);
            return new ClaimedShard(
                    new ShardKey(listing, row.getInt(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    new Fence(new LeaseId(row.getObject(5, UUID.class)), row.getLong(6), row.getLong(7)),
                    new Trial(
                            row.getInt(8),
                            row.getInt(9),
                            Arrays.stream(owners).map(OwnerId::new).collect(Collectors.toSet()),
                            row.getInt(15)),
                    new RuledPast(ruled, row.getString(12), RulingBits.of(row.getBytes(13), ruled), row.getBytes(14)));
        };
    }

    /// Writes changes whose fence is current.
    ///
    /// @return for each whether it was
    public static boolean[] change(Handle handle, List<Change> changes) {
        boolean[] done = new boolean[changes.size()];
        TreeMap<Long, List<Integer>> byListing = new TreeMap<>();
        for (int i = 0; i < changes.size(); i++) {
            byListing
                    .computeIfAbsent(changes.get(i).key().listing().value(), _ -> new ArrayList<>())
                    .add(i);
        }
        byListing.forEach((listing, indexes) -> {
            // Rows are locked in one order, so that coordinators seldom deadlock; where they do, one tries again.
            indexes.sort(Comparator.comparing(i -> changes.get(i).key()));
            Map<Integer, Integer> byNumber = new HashMap<>();
            indexes.forEach(i -> byNumber.put(changes.get(i).key().number(), i));
            PostgresReports.change(
                            handle,
                            table(new ListingId(listing)),
                            listing,
                            indexes.stream().map(changes::get).toList())
                    .forEach(number -> done[byNumber.get(number)] = true);
        });
        return done;
    }

    /// Gives back what dead terms hold. Lease epochs stay, so that no old lease can ever be current again.
    ///
    /// @return how many shards
    public static int voidTerms(Handle handle, ListingId listing, Long[] dead) {
        return handle.createUpdate("update " + table(listing) + " set state = " + OPEN + " where listing_id = "
                        + listing + " and state = " + LEASED + " and term = any(:dead)")
                .bind("dead", dead)
                .execute();
    }

    /// Opens a shard again that a lease still holds.
    ///
    /// @return whether it did
    public static boolean reopen(Handle handle, ShardKey key, Fence fence) {
        return handle.createUpdate("update " + table(key.listing()) + " set state = " + OPEN
                                + " where listing_id = " + key.listing() + " and number = ? and lease_id = ?"
                                + " and lease_epoch = ? and term = ? and state = " + LEASED)
                        .bind(0, key.number())
                        .bind(1, fence.lease().value())
                        .bind(2, fence.epoch())
                        .bind(3, fence.term())
                        .execute()
                == 1;
    }

    /// Opens shards again that any of these leases still holds.
    ///
    /// @return how many
    public static int reopen(Handle handle, ListingId listing, Collection<LeaseId> leases) {
        return handle.createUpdate("update " + table(listing) + " set state = " + OPEN + " where listing_id = "
                        + listing + " and state = " + LEASED + " and lease_id = any(:leases)")
                .bind("leases", leases.stream().map(LeaseId::value).toArray(UUID[]::new))
                .execute();
    }

    /// A shard's last key, for the search of a place in an earlier listing.
    public static Optional<String> lastKey(Handle handle, ListingId listing, int number) {
        return handle.createQuery(
                        "select last_key from " + table(listing) + " where listing_id = " + listing + " and number = ?")
                .bind(0, number)
                .mapTo(String.class)
                .findOne();
    }

    /// Shards of an earlier listing from a number on that begin no later than a key.
    public static List<Earlier> earlier(Handle handle, ListingId listing, int from, String upTo, int limit) {
        return handle.createQuery("select number, first_key, ranges, (state = " + RULED
                        + " and not again and waiting = 0) or state = " + KNOWN + " from " + table(listing)
                        + " where listing_id = " + listing
                        + " and number >= ? and number < " + FollowUp.FIRST
                        + " and first_key <= ? order by number limit ?")
                .bind(0, from)
                .bind(1, upTo)
                .bind(2, limit)
                .map((row, context) -> new Earlier(row.getInt(1), row.getString(2), row.getBytes(3), row.getBoolean(4)))
                .list();
    }

    /// Keeps the scores of a report.
    public static void addScores(Handle handle, List<Scores> scores) {
        TreeMap<Long, List<Scores>> byListing = new TreeMap<>();
        scores.forEach(each -> byListing
                .computeIfAbsent(each.key().listing().value(), _ -> new ArrayList<>())
                .add(each));
        byListing.forEach((listing, blocks) ->
                PostgresReports.addScores(handle, blocks(new ListingId(listing)), listing, blocks));
    }

    /// Hands each kept block of scores over, one after the other.
    public static void eachScores(Handle handle, ListingId listing, Consumer<byte[]> each) {
        eachScores(handle, listing, Horizon.NONE, each);
    }

    /// As the other one.
    ///
    /// @param since only blocks that may have come since
    public static void eachScores(Handle handle, ListingId listing, Horizon since, Consumer<byte[]> each) {
        eachScores(handle, listing, since, (number, block) -> each.accept(block));
    }

    /// As the first one, with the number of each block's shard.
    public static void eachScores(Handle handle, ListingId listing, BiConsumer<Integer, byte[]> each) {
        eachScores(handle, listing, Horizon.NONE, each);
    }

    private static void eachScores(Handle handle, ListingId listing, Horizon since, BiConsumer<Integer, byte[]> each) {
        try (Stream<Map.Entry<Integer, byte[]>> blocks = handle
                .createQuery(
                        "select number, block from " + blocks(listing) + " where " + Horizon.since(blocks(listing)))
                .bind(Horizon.NAME, since.value())
                .setFetchSize(BLOCKS_A_FETCH)
                // Bytes as they are, and not as twice as many digits.
                .addCustomizer(new StatementCustomizer() {
                    @Override
                    public void beforeExecution(PreparedStatement statement, StatementContext context)
                            throws SQLException {
                        statement.unwrap(PGStatement.class).setPrepareThreshold(ALWAYS_BINARY);
                    }
                })
                .map((row, context) -> Map.entry(row.getInt(1), row.getBytes(2)))
                .stream()) {
            blocks.forEach(block -> each.accept(block.getKey(), block.getValue()));
        }
    }

    /// Has the next listing look at some shards again, whatever they were ruled.
    public static void lookAgain(Handle handle, ListingId listing, Collection<Integer> numbers) {
        handle.createUpdate("update " + table(listing) + " set again = true where listing_id = " + listing
                        + " and number = any(:numbers)")
                .bind("numbers", numbers.toArray(Integer[]::new))
                .execute();
    }

    /// A block of scores.
    ///
    /// @param key the shard
    /// @param first place of its first object in the shard
    /// @param block encoded
    public record Scores(ShardKey key, int first, byte[] block) {}

    static String table(ListingId listing) {
        return "shard_" + listing.value();
    }

    private static String blocks(ListingId listing) {
        return "score_block_" + listing.value();
    }
}
