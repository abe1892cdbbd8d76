package org.picket.coordinator.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A real PostgreSQL for a test class: a database of its own, with the current schema and nothing in it.
///
/// ```java
/// @RegisterExtension
/// static final TestDatabase DATABASE = new TestDatabase();
///
/// DATABASE.database().transaction(handle -> …);
/// ```
///
/// One server serves a whole run of tests, with its data below `target/`; a class's database is a copy of a
/// migrated one. The methods of a class share it: let each use ids of its own, or ask [#fresh] for another
/// empty one.
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
    private static final PoolSettings LIMITS = new PoolSettings(8, Duration.ofSeconds(20), Duration.ofSeconds(10));

    private Optional<TestServer> server = Optional.empty();
    private Optional<Database> database = Optional.empty();

    @Override
    public void beforeAll(ExtensionContext context) {
        TestServer running = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(TestServer.class, key -> TestServer.start(), TestServer.class);
        server = Optional.of(running);
        database = Optional.of(fresh());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        database.ifPresent(Database::close);
        database = Optional.empty();
    }

    /// The class's database.
    public Database database() {
        return database.orElseThrow();
    }

    /// One more empty database with the current schema, for the caller to close.
    public Database fresh() {
        return server.orElseThrow().database(LIMITS);
    }

    /// Where the class's database is.
    public DatabaseSettings.External address() {
        return addressOf(database());
    }

    /// Where one of the fixture's databases is.
    public DatabaseSettings.External addressOf(Database one) {
        String name = one.read(handle -> handle.createQuery("SELECT current_database()")
                .mapTo(String.class)
                .one());
        return server.orElseThrow().address(name);
    }

    /// Of the class's database, for code that opens connections of its own.
    public Jdbi jdbi() {
        return database().jdbi();
    }

    /// The server of one run of tests.
    static final class TestServer implements AutoCloseable {
        private static final String TEMPLATE = "template_picket";
        private static final int DIRECTORIES = 4;
        private static final int MOST_EARLIER_DATABASES = 60;

        /// What a crash of the machine would lose is made anew by the next run. Tests of durability start a
        /// server of their own.
        private static final List<String> NO_SYNC = List.of("fsync=off", "full_page_writes=off");

        private final EmbeddedPostgres postgres;
        private final Jdbi admin;
        private final int earlierDatabases;
        private final AtomicInteger number = new AtomicInteger();

        private TestServer(EmbeddedPostgres postgres) {
            this.postgres = postgres;
            this.admin = Jdbi.create(Database.source(address(ServerCluster.NAME)));
            this.earlierDatabases = countDatabases();
        }

        static TestServer start() {
            TestServer server = startAnywhere();
            try {
                server.makeTemplate();
                return server;
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        Database database(PoolSettings limits) {
            String name = "test_" + (earlierDatabases + number.incrementAndGet());
            admin.useHandle(handle -> handle.execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE));
            return Database.connect(address(name), limits);
        }

        @Override
        public void close() {
            postgres.close();
        }

        /// Two runs of tests in one working tree at once take a directory each.
        private static TestServer startAnywhere() {
            for (int i = 0; ; i++) {
                Path dir = Path.of("target", "postgres-" + i);
                try {
                    TestServer server = startIn(dir);
                    if (server.earlierDatabases <= MOST_EARLIER_DATABASES) {
                        return server;
                    }
                    // A new cluster takes two seconds; dropping databases one by one, half a second each.
                    server.close();
                    FileTree.delete(dir.resolve("cluster"));
                    return startIn(dir);
                } catch (DatabaseException e) {
                    if (i == DIRECTORIES - 1 || !e.getMessage().contains("in use by another")) {
                        throw e;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private static TestServer startIn(Path dir) {
            return new TestServer(EmbeddedPostgres.start(new DatabaseSettings.Embedded(dir, 64), NO_SYNC));
        }

        private int countDatabases() {
            return admin.withHandle(
                    handle -> handle.createQuery("SELECT count(*) FROM pg_database WHERE datname ~ '^test_'")
                            .mapTo(Integer.class)
                            .one());
        }

        private void makeTemplate() {
            boolean exists = admin.withHandle(handle -> handle.createQuery(
                            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '" + TEMPLATE + "')")
                    .mapTo(Boolean.class)
                    .one());
            if (exists) {
                try {
                    Migrations.apply(Database.source(address(TEMPLATE)), TEMPLATE);
                    return;
                } catch (DatabaseException changed) {
                    // A migration under development was edited: begin anew.
                    admin.useHandle(handle -> handle.execute("DROP DATABASE " + TEMPLATE + " WITH (FORCE)"));
                }
            }
            admin.useHandle(handle -> handle.execute("CREATE DATABASE " + TEMPLATE));
            Migrations.apply(Database.source(address(TEMPLATE)), TEMPLATE);
        }

        private DatabaseSettings.External address(String name) {
            return new DatabaseSettings.External(postgres.jdbcUrl(name), postgres.user(), postgres.password());
        }
    }
}
