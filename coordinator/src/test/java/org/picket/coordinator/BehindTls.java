package org.picket.coordinator;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.TestDatabase;

/// A coordinator behind TLS for each test, on a database of its own.
abstract class BehindTls {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    Database database;
    SecureCollective collective;

    @BeforeEach
    void start() {
        database = DATABASE.fresh();
        collective = new SecureCollective(database, Duration.ZERO);
    }

    @AfterEach
    void stop() {
        collective.close();
        database.close();
    }
}
