package org.picket.coordinator.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.picket.proto.seal.Digest;

/// Brings a database to the schema of this build: numbered files that are only ever added to.
///
/// A database that this very set of files was applied to, and no other, bears their digest as a comment on
/// Flyway's table: there Flyway, which takes a third of a second to look, is not asked again.
final class Migrations {
    /// All of them, in order.
    static final List<String> FILES = List.of(
            "V1__ledger.sql",
            "V2__listing_shard.sql",
            "V3__site.sql",
            "V4__finding_removal.sql",
            "V5__finding_scores.sql",
            "V6__hash_list.sql",
            "V7__member_standing.sql",
            "V8__further_bundle.sql",
            "V9__answered_finding.sql",
            "V10__contribution.sql",
            "V11__replica.sql",
            "V12__term_instance.sql",
            "V13__held_out.sql",
            "V14__circle.sql");

    private static final String FOLDER = "org/picket/coordinator/database/migration";
    private static final String TABLE = "schema_history";
    private static final String APPLIED = "SELECT obj_description('" + TABLE + "'::regclass, 'pg_class') = ?"
            + " AND (SELECT count(*) FROM " + TABLE + ") = ?";

    private Migrations() {}

    /// Several coordinators may do this at once: an advisory lock makes them take turns.
    static void apply(DataSource source, String address) {
        String mark = mark();
        if (applied(source, mark)) {
            return;
        }
        migrate(source, address);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            // Digits and letters alone, so nothing that a quote would have to be feared of.
            statement.execute("COMMENT ON TABLE " + TABLE + " IS '" + mark + "'");
        } catch (SQLException e) {
            throw new DatabaseException("cannot mark the schema of " + address + " as current: " + e.getMessage(), e);
        }
    }

    /// SHA-256 of all files.
    private static String mark() {
        MessageDigest digest = Digest.sha256();
        for (String file : FILES) {
            try (InputStream content = Migrations.class.getResourceAsStream("/" + FOLDER + "/" + file)) {
                digest.update(Optional.ofNullable(content)
                        .orElseThrow(() -> new IllegalStateException("this build lacks the migration " + file))
                        .readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("the migration " + file + " cannot be read", e);
            }
        }
        return Digest.finish(digest).hex();
    }

    /// Whatever goes wrong here is Flyway's to explain.
    private static boolean applied(DataSource source, String mark) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(APPLIED)) {
            statement.setString(1, mark);
            statement.setInt(2, FILES.size());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            return false;
        }
    }

    private static void migrate(DataSource source, String address) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:" + FOLDER)
                    .table(TABLE)
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
