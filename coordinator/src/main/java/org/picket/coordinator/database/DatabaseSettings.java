package org.picket.coordinator.database;

import java.nio.file.Path;
import java.util.Objects;

/// Where the coordinator's state lives.
public sealed interface DatabaseSettings {

    /// A PostgreSQL that this process starts, owns and stops: the default.
    ///
    /// JDBC has no Unix sockets, so the server listens on 127.0.0.1 alone, at a free port, and asks for a
    /// random password (SCRAM) that only the owner of the directory can read.
    ///
    /// @param dir the directory that holds the server's data; created when absent
    /// @param programs the directory that the server's programs are unpacked into, 80 MB; created when absent.
    /// Servers of several directories may share it
    /// @param sharedBuffersMebibytes the server's page cache, 16 to 65536 MiB
    record Embedded(Path dir, Path programs, int sharedBuffersMebibytes) implements DatabaseSettings {
        /// Enough for a hundred million objects: their key ranges take 40 to 88 MB.
        public static final int DEFAULT_SHARED_BUFFERS_MEBIBYTES = 128;

        private static final int LEAST_SHARED_BUFFERS_MEBIBYTES = 16;
        private static final int MOST_SHARED_BUFFERS_MEBIBYTES = 65_536;

        public Embedded {
            dir = dir.toAbsolutePath().normalize();
            programs = programs.toAbsolutePath().normalize();
            if (sharedBuffersMebibytes < LEAST_SHARED_BUFFERS_MEBIBYTES
                    || sharedBuffersMebibytes > MOST_SHARED_BUFFERS_MEBIBYTES) {
                throw new IllegalArgumentException("shared buffers must be %d to %d MiB, not %d"
                        .formatted(
                                LEAST_SHARED_BUFFERS_MEBIBYTES, MOST_SHARED_BUFFERS_MEBIBYTES, sharedBuffersMebibytes));
            }
        }

        /// With programs of its own beside the data.
        public Embedded(Path dir, int sharedBuffersMebibytes) {
            this(dir, dir, sharedBuffersMebibytes);
        }

        /// The same, with the default memory.
        public Embedded(Path dir) {
            this(dir, DEFAULT_SHARED_BUFFERS_MEBIBYTES);
        }
    }

    /// A PostgreSQL that somebody else runs: version 15 or later.
    ///
    /// @param jdbcUrl `jdbc:postgresql://host:port/database`, with TLS parameters as pgjdbc knows them
    /// @param user a role that owns the database, and need not be a superuser
    /// @param password that role's password; never printed
    record External(String jdbcUrl, String user, String password) implements DatabaseSettings {
        private static final String SCHEME = "jdbc:postgresql:";

        public External {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
            if (!jdbcUrl.startsWith(SCHEME)) {
                throw new IllegalArgumentException("the database URL must begin with " + SCHEME + " (for example "
                        + SCHEME + "//host:5432/picket)");
            }
        }

        /// The address without the query, which may hold secrets.
        public String address() {
            int query = jdbcUrl.indexOf('?');
            return query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
        }

        @Override
        public String toString() {
            return "External[" + address() + ", user=" + user + "]";
        }
    }
}
