package org.picket.coordinator.ledger;

import com.google.protobuf.ByteString;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.picket.proto.seal.Digest;

/// The ledger's tables. Every method works in its caller's transaction.
final class PostgresLedger {
    /// Subtrees are kept at every eighth level.
    static final int LEVEL_STEP = 8;

    private PostgresLedger() {}

    /// A stored checkpoint.
    record StoredNote(long size, String note, Instant writtenAt) {}

    static MerkleFrontier lockHead(Handle handle) {
        return head(handle, "SELECT size, frontier FROM ledger_head FOR UPDATE");
    }

    static MerkleFrontier head(Handle handle) {
        return head(handle, "SELECT size, frontier FROM ledger_head");
    }

    private static MerkleFrontier head(Handle handle, String sql) {
        return handle.createQuery(sql)
                .map((row, context) -> MerkleFrontier.of(row.getLong("size"), row.getBytes("frontier")))
                .one();
    }

    /// Appends rows and moves the head, which stays locked until the transaction ends; nothing of it where the head is
    /// another one, down to its hashes.
    ///
    /// @return whether it was that
    static boolean append(Handle handle, MerkleFrontier from, MerkleFrontier to, List<EntryBatch> batches) {
        Long[] firsts = batches.stream().map(EntryBatch::first).toArray(Long[]::new);
        byte[][] leaves = batches.stream().map(EntryBatch::leafBytes).toArray(byte[][]::new);
        byte[][] bodies = batches.stream().map(EntryBatch::bodyBytes).toArray(byte[][]::new);
        int rows = handle.createUpdate("""
                        WITH moved AS (
                            UPDATE ledger_head SET size = :size, frontier = :frontier
                            WHERE size = :fromSize AND frontier = :fromFrontier RETURNING size
                        )
                        INSERT INTO ledger_batch (first_seq, leaves, bodies)
                        SELECT added.first_seq, added.leaves, added.bodies
                        FROM moved, unnest(:firsts, :leaves, :bodies) AS added (first_seq, leaves, bodies)
                        """)
                .bind("size", to.size())
                .bind("frontier", to.toByteArray())
                .bind("fromSize", from.size())
                .bind("fromFrontier", from.toByteArray())
                .bindBySqlType("firsts", array(handle, "bigint", firsts), Types.ARRAY)
                .bindBySqlType("leaves", array(handle, "bytea", leaves), Types.ARRAY)
                .bindBySqlType("bodies", array(handle, "bytea", bodies), Types.ARRAY)
                .execute();
        return rows == batches.size();
    }

    private static Array array(Handle handle, String type, Object[] elements) {
        try {
            return handle.getConnection().createArrayOf(type, elements);
        } catch (SQLException e) {
            throw new IllegalStateException("an array of " + type + " cannot be made", e);
        }
    }

    static void keep(Handle handle, MerkleFrontier.Node node) {
        handle.createUpdate("INSERT INTO ledger_node (level, idx, hash) VALUES (:level, :index, :hash)")
                .bind("level", (short) node.level())
                .bind("index", node.index())
                .bind("hash", node.hash().toByteArray())
                .execute();
    }

    /// The entries from number `from` on: those of at most `rows` rows.
    static List<StoredEntry> entries(Handle handle, long from, int rows) {
        List<StoredEntry> entries = new ArrayList<>();
        handle.createQuery("""
                        SELECT first_seq, leaves, bodies FROM ledger_batch
                        WHERE first_seq >= COALESCE(
                            (SELECT max(first_seq) FROM ledger_batch WHERE first_seq <= :from), :from)
                        ORDER BY first_seq LIMIT :rows
                        """)
                .bind("from", from)
                .bind("rows", rows)
                .map((row, context) ->
                        EntryBatch.entries(row.getLong("first_seq"), row.getBytes("leaves"), row.getBytes("bodies")))
                .forEach(entries::addAll);
        entries.removeIf(entry -> entry.seq() < from);
        return entries;
    }

    static Optional<StoredNote> newestNote(Handle handle) {
        return handle.createQuery("SELECT size, note, written_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
                .map((row, context) -> storedNote(row))
                .findOne();
    }

    private static StoredNote storedNote(ResultSet row) throws SQLException {
        return new StoredNote(
                row.getLong("size"),
                row.getString("note"),
                row.getObject("written_at", OffsetDateTime.class).toInstant());
    }

    /// Notes of the sizes above `after` and up to `until`, by size.
    static List<StoredNote> notes(Handle handle, long after, long until, int most) {
        return handle.createQuery("""
                        SELECT size, note, written_at FROM ledger_checkpoint WHERE size > :after AND size <= :until
                        ORDER BY size LIMIT :most
                        """)
                .bind("after", after)
                .bind("until", until)
                .bind("most", most)
                .map((row, context) -> storedNote(row))
                .list();
    }

    static void keepNote(Handle handle, long size, String note, Instant now) {
        handle.createUpdate("""
                        INSERT INTO ledger_checkpoint (size, note, written_at) VALUES (:size, :note, :now)
                        ON CONFLICT (size) DO NOTHING
                        """)
                .bind("size", size)
                .bind("note", note)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    /// A perfect subtree's hash, from the kept ones at or below its level.
    static Digest node(Handle handle, int level, long index) {
        int keptLevel = level - level % LEVEL_STEP;
        int height = level - keptLevel;
        List<Digest> row = kept(handle, keptLevel, index << height, 1 << height);
        while (row.size() > 1) {
            List<Digest> above = new ArrayList<>(row.size() / 2);
            for (int i = 0; i < row.size(); i += 2) {
                above.add(MerkleHash.node(row.get(i), row.get(i + 1)));
            }
            row = above;
        }
        return row.getFirst();
    }

    private static List<Digest> kept(Handle handle, int level, long from, int count) {
        List<Digest> row = level == 0 ? leaves(handle, from, count) : nodes(handle, level, from, count);
        if (row.size() != count) {
            throw new IllegalStateException("the ledger lacks hashes of level " + level + " from " + from
                    + ": verify it, for somebody changed it");
        }
        return row;
    }

    private static List<Digest> nodes(Handle handle, int level, long from, int count) {
        return handle.createQuery("""
                        SELECT hash FROM ledger_node WHERE level = :level AND idx >= :from AND idx < :to ORDER BY idx
                        """)
                .bind("level", (short) level)
                .bind("from", from)
                .bind("to", from + count)
                .map((row, context) -> Digest.wrap(row.getBytes("hash")))
                .list();
    }

    private static List<Digest> leaves(Handle handle, long from, int count) {
        List<Digest> leaves = new ArrayList<>(count);
        handle.createQuery("""
                        SELECT first_seq, leaves FROM ledger_batch WHERE first_seq > :least AND first_seq < :to
                        ORDER BY first_seq
                        """)
                .bind("least", from - EntryBatch.MOST_ENTRIES)
                .bind("to", from + count)
                .map((row, context) -> new EntryLeaves(row.getLong("first_seq"), row.getBytes("leaves")))
                .forEach(part -> part.collect(from, count, leaves));
        return leaves;
    }

    private record EntryLeaves(long first, byte[] bytes) {
        void collect(long from, int count, List<Digest> into) {
            List<Digest> all = MerkleFrontier.digests(ByteString.copyFrom(bytes));
            for (int i = 0; i < all.size(); i++) {
                if (first + i >= from && first + i < from + count) {
                    into.add(all.get(i));
                }
            }
        }
    }
}
