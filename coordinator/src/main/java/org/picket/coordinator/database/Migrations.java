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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.picket.proto.seal.Digest;
import org.picket.runtime.channel.ContractVersion;

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
            "V14__circle.sql",
            "V15__contract_span.sql",
            "V16__invite_circle.sql",
            "V17__term_release.sql",
            "V18__forgotten_inconclusive.sql",
            "V19__observed_flood.sql",
            "V20__member_draining.sql");

    /// In the name of a migration after which coordinators of older versions of the contract cannot go on.
    static final Pattern NEEDS = Pattern.compile("__needs_(\\d+)\\.sql$");

    /// One that was seen so long ago may still live.
    private static final String LIVING = "2 minutes";

    private static final String FOLDER = "org/picket/coordinator/database/migration";
    private static final String TABLE = "schema_history";
    private static final String APPLIED = "SELECT obj_description('" + TABLE + "'::regclass, 'pg_class') = ?"
            + " AND (SELECT count(*) FROM " + TABLE + ") = ?";

    private static final String NOTED = "UPDATE contract_span SET oldest = greatest(oldest, ?),"
            + " newest = greatest(newest, ?) WHERE oldest < ? OR newest < ?";

    private Migrations() {}

    /// Several coordinators may do this at once: an advisory lock makes them take turns.
    ///
    /// @throws DatabaseException also where another version works with the database, or did, that is too far away
    static void apply(DataSource source, String address) {
        apply(source, address, new Skew(ContractVersion.OURS, needs(FILES)));
    }

    /// As the other one, by another version of the contract.
    static void apply(DataSource source, String address, Skew skew) {
        skew.refusal(found(source, address), address).ifPresent(why -> {
            throw new DatabaseException(why);
        });
        bring(source, address);
        note(source, address, skew);
    }

    /// The oldest version of the contract whose coordinators can go on after these migrations.
    static int needs(List<String> files) {
        return files.stream()
                .map(NEEDS::matcher)
                .filter(Matcher::find)
                .mapToInt(file -> Integer.parseInt(file.group(1)))
                .max()
                .orElse(ContractVersion.UNTOLD.number());
    }

    /// Read out of rows as they are: columns that later migrations add may not be there yet.
    private static Skew.Found found(DataSource source, String address) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            Optional<Skew.Span> span = Optional.empty();
            if (exists(statement, "contract_span")) {
                try (ResultSet row = statement.executeQuery("SELECT oldest, newest FROM contract_span")) {
                    span = row.next()
                            ? Optional.of(new Skew.Span(row.getInt(1), new ContractVersion(row.getInt(2))))
                            : Optional.empty();
                }
            }
            Map<String, ContractVersion> living = new HashMap<>();
            if (exists(statement, "term")) {
                try (ResultSet row = statement.executeQuery("SELECT coordinator,"
                        + " coalesce((to_jsonb(t) ->> 'contract')::integer, 1) FROM term AS t"
                        + " WHERE NOT ended AND seen_at > now() - interval '" + LIVING + "' ORDER BY t.term")) {
                    while (row.next()) {
                        living.put(row.getString(1), new ContractVersion(row.getInt(2)));
                    }
                }
            }
            return new Skew.Found(span, living);
        } catch (SQLException e) {
            throw new DatabaseException("cannot look at the schema of " + address + ": " + e.getMessage(), e);
        }
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void note(DataSource source, String address, Skew skew) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(NOTED)) {
            statement.setInt(1, skew.needs());
            statement.setInt(2, skew.ours().number());
            statement.setInt(3, skew.needs());
            statement.setInt(4, skew.ours().number());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseException("cannot note the version at " + address + ": " + e.getMessage(), e);
        }
    }

    private static void bring(DataSource source, String address) {
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
                    // A newer Picket may have added some: whether this one can go on with them, [Skew] has said.
                    .ignoreMigrationPatterns("*:future")
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new DatabaseException(
                    "the schema of " + address
                            + " is not one that this Picket knows: it was changed by hand, or a"
                            + " migration failed half-way. Restore the database. " + e.getMessage(),
                    e);
        } catch (FlywayException e) {
            throw new DatabaseException(
                    "cannot bring " + address + " to this Picket's schema: " + e.getMessage()
                            + ". Its role must own the database (or may create tables in it).",
                    e);
        }
    }
}
