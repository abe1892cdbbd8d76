package org.picket.bench.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.postgresql.PGConnection;

/// The best that the naked mechanism does: key ranges as rows, ids dispensed from memory, one update by primary
/// key to grant and one to complete, each a durable transaction of its own, nothing else.
final class RawCeiling {
    /// Clients at once, as in the reference measurement.
    static final int CLIENTS = 8;

    private static final int BITMAP_BYTES_PER_512 = 64;
    private static final String GRANT = "update bench_shard set state = 1, lease_id = ?, lease_epoch = lease_epoch + 1,"
            + " leased_until = now() + interval '1 minute' where id = ? and state = 0";
    private static final String COMPLETE = "update bench_shard set state = 2, verdicts = ?"
            + " where id = ? and lease_id = ? and lease_epoch = 1 and state = 1";

    private final Database database;

    RawCeiling(Database database) {
        this.database = database;
    }

    /// Grants and completes all shards prepared.
    ///
    /// @param objects in each shard
    /// @return objects per second
    double run(int shards, int objects) throws InterruptedException, SQLException {
        List<Connection> connections = new ArrayList<>();
        List<Handle> handles = new ArrayList<>();
        AtomicInteger next = new AtomicInteger(1);
        long begin;
        try (ExecutorService pool = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                Handle handle = database.jdbi().open();
                handles.add(handle);
                connections.add((Connection) handle.getConnection().unwrap(PGConnection.class));
            }
            begin = System.nanoTime();
            List<Future<?>> clients = new ArrayList<>();
            for (Connection connection : connections) {
                clients.add(pool.submit(() -> {
                    client(connection, next, shards, objects);
                    return connection;
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client of the raw ceiling failed", e.getCause());
        } finally {
            handles.forEach(Handle::close);
        }
        return (double) shards * objects / ((System.nanoTime() - begin) / 1e9);
    }

    /// Makes the table anew.
    void prepare(int shards, int objects) {
        database.jdbi().useHandle(handle -> {
            handle.execute("drop table if exists bench_shard");
            handle.execute("create table bench_shard (id integer primary key, first_key text collate \"C\" not null,"
                    + " last_key text collate \"C\" not null, objects integer not null, state smallint not null,"
                    + " lease_id uuid, lease_epoch bigint not null default 0, leased_until timestamptz,"
                    + " verdicts bytea not null default '') with (fillfactor = 70)");
            handle.execute(
                    "insert into bench_shard (id, first_key, last_key, objects, state) select i, 'ab/cd/' || i || '-first',"
                            + " 'ab/cd/' || i || '-last', ?, 0 from generate_series(1, ?) i",
                    objects,
                    shards);
        });
    }

    private static void client(Connection connection, AtomicInteger next, int shards, int objects) throws SQLException {
        byte[] bitmap = new byte[Math.max(1, BITMAP_BYTES_PER_512 * objects / 512)];
        try (PreparedStatement grant = connection.prepareStatement(GRANT);
                PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            for (int id = next.getAndIncrement(); id <= shards; id = next.getAndIncrement()) {
                UUID lease = new UUID(id, System.nanoTime());
                grant.setObject(1, lease);
                grant.setInt(2, id);
                complete.setBytes(1, bitmap);
                complete.setInt(2, id);
                complete.setObject(3, lease);
                if (grant.executeUpdate() != 1 || complete.executeUpdate() != 1) {
                    throw new IllegalStateException("shard " + id + " of the raw ceiling was not updated");
                }
            }
        }
    }
}
