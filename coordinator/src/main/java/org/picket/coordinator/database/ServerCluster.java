package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// The server's data directory and the password to it, made together and published by one rename: either both
/// are whole or neither is there.
///
/// Nobody can log in as the superuser: it has no password and no line in `pg_hba.conf`. The role `picket` owns
/// its databases and no more.
///
/// @param home holds `data` and `password`
record ServerCluster(Path home) {
    /// The role, and the database, that Picket uses.
    static final String NAME = "picket";

    private static final int MAJOR_VERSION = 18;
    private static final int PASSWORD_BYTES = 32;
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(2);
    private static final String HOST_BASED_ACCESS = "host all " + NAME + " 127.0.0.1/32 scram-sha-256\n";

    Path data() {
        return home.resolve("data");
    }

    static ServerCluster below(Path dir) {
        return new ServerCluster(dir.resolve("cluster"));
    }

    boolean exists() {
        return Files.isDirectory(home);
    }

    String password() {
        try {
            return Files.readString(home.resolve("password")).strip();
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot read the database's password file " + home.resolve("password") + ": " + e.getMessage()
                            + ". Run Picket as the user who owns it.",
                    e);
        }
    }

    /// Refuses data of another major version: PostgreSQL itself would, with a message that helps nobody.
    void requireOurVersion() {
        Path file = data().resolve("PG_VERSION");
        try {
            String version = Files.readString(file).strip();
            if (!version.equals(Integer.toString(MAJOR_VERSION))) {
                throw new DatabaseException("the database in " + home + " was made by PostgreSQL " + version
                        + "; this Picket brings PostgreSQL " + MAJOR_VERSION
                        + ". Start it with the Picket that made it. Or move the directory away to begin afresh: without"
                        + " members, findings and ledger, and without the means to release what is quarantined.");
            }
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot read " + file + ": " + e.getMessage()
                            + ". The database directory is damaged or belongs to another user; restore it from a"
                            + " backup, or run Picket as its owner.",
                    e);
        }
    }

    void create(ServerBinaries binaries, ServerAccount account) {
        Path dir = home.getParent();
        try {
            Path fresh = Files.createTempDirectory(dir, ".cluster-");
            Path data = Files.createDirectory(
                    fresh.resolve("data"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (account.owner().isPresent()) {
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx--x--x"));
                FileTree.giveTo(account.owner().get(), data);
            }
            String password = writePassword(fresh.resolve("password"));
            initialise(binaries, account, data, dir);
            Files.writeString(data.resolve("pg_hba.conf"), HOST_BASED_ACCESS);
            createRole(binaries, account, data, dir, password);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot create the database in " + dir + ": " + e.getMessage()
                            + ". It needs 100 MB of free space and the right to write there.",
                    e);
        }
    }

    private static String writePassword(Path file) throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, password.getBytes(StandardCharsets.US_ASCII));
        return password;
    }

    /// The built-in C.UTF-8 collation orders text by its bytes, as listings do, on every system alike.
    private static void initialise(ServerBinaries binaries, ServerAccount account, Path data, Path scratch) {
        List<String> arguments = List.of(
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=reject",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions");
        require(
                ServerProgram.run(account.command(binaries.program("initdb"), arguments), "", scratch, CREATE_LIMIT),
                data);
    }

    /// In single-user mode, before the server ever listens: no superuser password is needed, so none exists.
    private static void createRole(
            ServerBinaries binaries, ServerAccount account, Path data, Path scratch, String password) {
        String statements = """
                CREATE ROLE %1$s LOGIN CREATEDB PASSWORD '%2$s';
                GRANT pg_monitor TO %1$s;
                CREATE DATABASE %1$s OWNER %1$s;
                """.formatted(NAME, password);
        List<String> arguments = List.of(
                "--single",
                "-D",
                data.toString(),
                "-c",
                "log_min_messages=error",
                "-c",
                "exit_on_error=on",
                "postgres");
        require(
                ServerProgram.run(
                        account.command(binaries.program("postgres"), arguments), statements, scratch, CREATE_LIMIT),
                data);
    }

    private static void require(ServerProgram.Result result, Path data) {
        if (!result.succeeded()) {
            throw new DatabaseException(
                    "cannot create the database in " + data + ": " + ServerFailure.explain(result.output(), data));
        }
    }
}
