package org.picket.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What each migration does to coordinators of the version before, which work with the database meanwhile. One that
/// takes something from them, or asks something of them, must say so in its name: `V20__what__needs_4.sql`, where 4 is
/// the first version of the contract that can go on after it.
class MigrationStepsTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /// Earlier ones came before versions were told.
    private static final String FIRST = "V15__contract_span.sql";

    private static final Path FOLDER =
            Path.of("src", "main", "resources", "org", "picket", "coordinator", "database", "migration");

    /// What a statement may rely on: columns and their types, keys, what writes itself.
    private static final String RELIED_ON = """
            SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attidentity <> '' OR d.oid IS NOT NULL OR NOT a.attnotnull THEN ' may be left out'
                    ELSE ' must be given' END
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL
            SELECT 'key ' || c.relname || ' ' || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '')
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique
            UNION ALL
            SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace
            """;

    /// What a statement may fail at, in tables that were there before: not of columns that are new.
    private static final String ASKED = """
            SELECT 'column ' || c.relname || '.' || a.attname || ' must be given'
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY (?)
                AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND a.attidentity = '' AND d.oid IS NULL
            UNION ALL
            SELECT 'constraint ' || r.conname || ' ' || c.relname || ' ' || pg_get_constraintdef(r.oid)
            FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (?) AND r.contype <> 'n'
                AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.conkey)
                    AND c.relname || '.' || a.attname = ANY (?))
            UNION ALL
            SELECT 'key ' || c.relname || ' ' || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '')
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique AND c.relname = ANY (?)
            UNION ALL
            SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (?)
            """;

    @Test
    void coordinatorsOfTheVersionBeforeGoOnAfterEachMigration() throws SQLException {
        inEmpty(handle -> {
            boolean told = false;
            for (String file : Migrations.FILES) {
                told = told || file.equals(FIRST);
                List<String> faults = step(handle, text(file));
                if (told && !Migrations.NEEDS.matcher(file).find()) {
                    assertEquals(List.of(), faults, file + " breaks coordinators of the version before");
                }
            }
            return told;
        });
    }

    @Test
    void whatBreaksThemIsFound() throws SQLException {
        List<String> before = List.of("create table a (n integer primary key, t text)");
        for (String breaking : List.of(
                "alter table a drop column t",
                "alter table a rename column t to u",
                "alter table a alter column t set not null",
                "alter table a alter column n type bigint",
                "alter table a add column u text not null",
                "alter table a add check (t <> '')",
                "create unique index one on a (t)",
                "alter table a drop constraint a_pkey",
                "drop table a")) {
            assertFalse(faults(before, breaking).isEmpty(), breaking);
        }
        for (String harmless : List.of(
                "alter table a add column u text not null default ''",
                "alter table a add column u text check (u <> '')",
                "create table b (n integer not null unique)",
                "create index two on a (t)")) {
            assertEquals(List.of(), faults(before, harmless), harmless);
        }
    }

    private static List<String> faults(List<String> before, String step) throws SQLException {
        return inEmpty(handle -> {
            before.forEach(handle::execute);
            return step(handle, step);
        });
    }

    /// Does something in a schema with nothing in it, and undoes it.
    private static <T> T inEmpty(HandleCallback<T, SQLException> work) throws SQLException {
        return DATABASE.jdbi().withHandle(handle -> {
            handle.begin();
            try {
                handle.execute("create schema steps");
                handle.execute("set local search_path = steps");
                return work.withHandle(handle);
            } finally {
                handle.rollback();
            }
        });
    }

    /// @return what coordinators relied on and is there no more, and what is asked of them that was not
    private static List<String> step(Handle handle, String migration) throws SQLException {
        String[] tables = lines(handle, "SELECT relname FROM pg_class WHERE relnamespace = 'steps'::regnamespace")
                .toArray(String[]::new);
        String[] columns = lines(
                        handle,
                        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                                + " WHERE c.relnamespace = 'steps'::regnamespace AND a.attnum > 0")
                .toArray(String[]::new);
        TreeSet<String> gone = new TreeSet<>(lines(handle, RELIED_ON));
        TreeSet<String> asked = asked(handle, tables, columns);
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(migration);
        }
        gone.removeAll(lines(handle, RELIED_ON));
        TreeSet<String> added = asked(handle, tables, columns);
        added.removeAll(asked);
        List<String> faults = new ArrayList<>(gone);
        faults.addAll(added);
        return faults;
    }

    private static List<String> lines(Handle handle, String query) {
        return handle.createQuery(query).mapTo(String.class).list();
    }

    private static TreeSet<String> asked(Handle handle, String[] tables, String[] columns) {
        return new TreeSet<>(handle.select(ASKED, tables, tables, columns, tables, tables)
                .mapTo(String.class)
                .list());
    }

    private static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
