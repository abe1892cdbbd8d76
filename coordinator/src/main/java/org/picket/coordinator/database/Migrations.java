package org.picket.coordinator.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/// Brings a database to the schema of this build: numbered files that are only ever added to.
final class Migrations {
    private static final String FOLDER = "classpath:org/picket/coordinator/database/migration";

    private Migrations() {}

    /// Several coordinators may do this at once: an advisory lock makes them take turns.
    static void apply(DataSource source, String address) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations(FOLDER)
                    .table("schema_history")
                    .loggers("slf4j")
                    .failOnMissingLocations(true)
                    .ignoreMigrationPatterns(new String[0])
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new DatabaseException(
                    "the schema of " + address
                            + " is not one that this Picket knows: it was made by a newer version, or"
                            + " changed by hand. Start the newer Picket, or restore the database. " + e.getMessage(),
                    e);
        } catch (FlywayException e) {
            throw new DatabaseException(
                    "cannot bring " + address + " to this Picket's schema: " + e.getMessage()
                            + ". Its role must own the database (or may create tables in it).",
                    e);
        }
    }
}
