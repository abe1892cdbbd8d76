package org.picket.coordinator.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import org.picket.runtime.time.TimeSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one database of a coordinator: its server where that is embedded, its pool, its schema, its clock.
///
/// Thread-safe. [#close] ends the pool first and the server last; whoever is inside a transaction then sees it
/// fail.
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int LEAST_VERSION = 150_000;
    private static final int PREPARED_STATEMENTS_PER_CONNECTION = 512;
    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(30);
    private static final Duration IDLE_IN_TRANSACTION_LIMIT = Duration.ofSeconds(60);

    /// The longest that [#close] takes: the server writes down what it holds.
    public static final Duration ENDS_WITHIN = Duration.ofSeconds(120);

    private static final Duration CLOCK_ENDS_WITHIN = Duration.ofSeconds(2);
    private static final Duration CONNECTIONS_END_WITHIN = Duration.ofSeconds(30);
    /// Beyond the times that [ServerProcess] gives it, to end fast and to end at once.
    private static final Duration SERVER_ENDS_WITHIN = Duration.ofSeconds(85);

    private final Jdbi jdbi;
    private final DatabaseClock clock;
    private final HikariDataSource pool;
    private final Lifecycle parts;
    private final ScopedValue<Boolean> inside = ScopedValue.newInstance();

    private Database(HikariDataSource pool, Lifecycle parts) {
        this.pool = pool;
        this.parts = parts;
        this.jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
        this.clock = new DatabaseClock(() -> databaseTime(jdbi), System::nanoTime);
        ScheduledExecutorService resync = parts.start(
                "clock",
                CLOCK_ENDS_WITHIN,
                () -> Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("database-clock").daemon().factory()),
                ScheduledExecutorService::shutdownNow);
        long every = DatabaseClock.RESYNC_EVERY.toMillis();
        resync.scheduleWithFixedDelay(this::resyncQuietly, every, every, TimeUnit.MILLISECONDS);
    }

    /// Starts or reaches the database, brings its schema up to date, and opens the pool.
    ///
    /// @throws DatabaseException when that is impossible, with what to do about it
    public static Database open(DatabaseSettings settings, PoolSettings limits) {
        // The database's own clock runs only when all of it does.
        return Lifecycle.assemble("database", TimeSource.system(), parts -> switch (settings) {
            case DatabaseSettings.Embedded embedded -> openEmbedded(embedded, limits, parts);
            case DatabaseSettings.External external -> openExternal(external, limits, parts);
        });
    }

    /// [#open(DatabaseSettings, PoolSettings)] with the standard limits.
    public static Database open(DatabaseSettings settings) {
        return open(settings, PoolSettings.standard());
    }

    private static Database openEmbedded(DatabaseSettings.Embedded settings, PoolSettings limits, Lifecycle parts) {
        EmbeddedPostgres server = parts.start(
                "database server", SERVER_ENDS_WITHIN, () -> EmbeddedPostgres.start(settings), EmbeddedPostgres::close);
        DatabaseSettings.External address =
                new DatabaseSettings.External(server.jdbcUrl(ServerCluster.NAME), server.user(), server.password());
        Migrations.apply(source(address), "the database in " + settings.dir());
        return connect(address, limits, parts);
    }

    private static Database openExternal(DatabaseSettings.External settings, PoolSettings limits, Lifecycle parts) {
        requireVersion(settings);
        Migrations.apply(source(settings), settings.address());
        return connect(settings, limits, parts);
    }

    /// Opens the pool on a database whose schema is known to be current.
    static Database connect(DatabaseSettings.External settings, PoolSettings limits) {
        return Lifecycle.assemble("database", TimeSource.system(), parts -> connect(settings, limits, parts));
    }

    private static Database connect(DatabaseSettings.External settings, PoolSettings limits, Lifecycle parts) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setDataSource(source(settings, limits.statementTimeout()));
        config.setMaximumPoolSize(limits.connections());
        config.setMinimumIdle(Math.min(2, limits.connections()));
        config.setConnectionTimeout(limits.acquireTimeout().toMillis());
        config.setAutoCommit(true);
        try {
            return new Database(
                    parts.start(
                            "connections",
                            CONNECTIONS_END_WITHIN,
                            () -> new HikariDataSource(config),
                            HikariDataSource::close),
                    parts);
        } catch (HikariPool.PoolInitializationException e) {
            throw new DatabaseException("cannot connect to " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    /// Runs `work` in one transaction (READ COMMITTED) and commits it; rolls back when it throws.
    ///
    /// `work` may run up to six times, each time from the start, when PostgreSQL reports a deadlock or a
    /// serialization failure: let it have no effect but through its handle.
    public <T> T transaction(Function<Handle, T> work) {
        return transaction(TransactionIsolationLevel.READ_COMMITTED, work);
    }

    /// [#transaction(Function)] without a result.
    public void useTransaction(Consumer<Handle> work) {
        transaction(handle -> {
            work.accept(handle);
            return Optional.empty();
        });
    }

    /// [#transaction(Function)] at a level of the caller's choice.
    public <T> T transaction(TransactionIsolationLevel level, Function<Handle, T> work) {
        if (inside.isBound()) {
            return begin(level, work);
        }
        Optional<RuntimeException> earlier = Optional.empty();
        for (int attempt = 1; ; attempt++) {
            try {
                return ScopedValue.where(inside, true).call(() -> begin(level, work));
            } catch (RuntimeException failure) {
                earlier.filter(before -> before != failure).ifPresent(failure::addSuppressed);
                switch (TransactionRetries.decide(failure, attempt, ThreadLocalRandom.current())) {
                    case TransactionRetries.Decision.Again again ->
                        LockSupport.parkNanos(again.pause().toNanos());
                    case TransactionRetries.Decision.GiveUp() -> throw failure;
                }
                earlier = Optional.of(failure);
            }
        }
    }

    /// Connections of the pool begin at READ COMMITTED anyway, and naming a level costs round trips.
    private <T> T begin(TransactionIsolationLevel level, Function<Handle, T> work) {
        return level == TransactionIsolationLevel.READ_COMMITTED
                ? jdbi.inTransaction(work::apply)
                : jdbi.inTransaction(level, work::apply);
    }

    /// Runs `work` in one read-only transaction that sees one state of the database throughout.
    public <T> T read(Function<Handle, T> work) {
        return transaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            handle.execute("SET TRANSACTION READ ONLY");
            return work.apply(handle);
        });
    }

    /// For what needs a connection of its own kind, such as LISTEN; transactions go through [#transaction].
    public Jdbi jdbi() {
        return jdbi;
    }

    /// The coordinator's one authority for time.
    public DatabaseClock clock() {
        return clock;
    }

    /// Asks the database for its time at once, as is done every minute: after this machine was asleep.
    public void resync() {
        clock.resync();
    }

    /// Says what the pool has to tell.
    public void meters(Meters meters) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        String help = "Connections to the database, by what they do.";
        String name = "picket_database_connections";
        meters.gauge(name, help, connections::getActiveConnections, Label.of("state", "active"));
        meters.gauge(name, help, connections::getIdleConnections, Label.of("state", "idle"));
        meters.gauge(
                "picket_database_connections_most",
                "The most connections that there may be.",
                pool::getMaximumPoolSize);
        meters.gauge(
                "picket_database_waiting_threads",
                "Threads that wait for a connection.",
                connections::getThreadsAwaitingConnection);
    }

    @Override
    public void close() {
        parts.close();
    }

    private void resyncQuietly() {
        try {
            clock.resync();
        } catch (RuntimeException e) {
            LOG.warn(
                    "clock: the database cannot be asked for the time; keeping the old course: {}",
                    DatabaseFault.of(e));
        }
    }

    private static Instant databaseTime(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(OffsetDateTime.class)
                .one()
                .toInstant());
    }

    private static void requireVersion(DatabaseSettings.External settings) {
        try (var connection = source(settings).getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW server_version_num")) {
            row.next();
            int version = row.getInt(1);
            if (version < LEAST_VERSION) {
                throw new DatabaseException(settings.address() + " is PostgreSQL " + version / 10_000
                        + "; Picket needs 15 or later. Upgrade it, or use the embedded database.");
            }
        } catch (SQLException e) {
            throw new DatabaseException(
                    "cannot connect to " + settings.address() + " as " + settings.user() + ": " + e.getMessage()
                            + ". Check the address, the role and its password.",
                    e);
        }
    }

    /// Without limits on a statement's time: for migrations.
    static PGSimpleDataSource source(DatabaseSettings.External settings) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.jdbcUrl());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName("picket");
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setTcpKeepAlive(true);
        return source;
    }

    private static PGSimpleDataSource source(DatabaseSettings.External settings, Duration statementTimeout) {
        PGSimpleDataSource source = source(settings);
        source.setPrepareThreshold(2);
        source.setPreparedStatementCacheQueries(PREPARED_STATEMENTS_PER_CONNECTION);
        source.setReWriteBatchedInserts(true);
        // The server ends a slow statement; the socket's own limit is for a server that went silent.
        source.setSocketTimeout((int) statementTimeout.plus(SOCKET_GRACE).toSeconds());
        source.setOptions("-c statement_timeout=" + statementTimeout.toMillis()
                + " -c idle_in_transaction_session_timeout=" + IDLE_IN_TRANSACTION_LIMIT.toMillis()
                + " -c default_transaction_isolation=read\\ committed -c timezone=UTC");
        return source;
    }
}
