package org.picket.bench.lease;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.picket.coordinator.database.Database;

/// Counters before and after a run: write-ahead log and processor time.
///
/// @param wal bytes of write-ahead log since the server was made
/// @param serverNanos processor time of the database server's processes
/// @param ownNanos processor time of this process
record Costs(long wal, long serverNanos, long ownNanos) {
    /// Clock ticks of `/proc` are 10 ms on every Linux that Java runs on.
    private static final long TICK_NANOS = 10_000_000L;

    private static final Path PROCESSES = Path.of("/proc");

    private record Stat(long parent, long nanos) {}

    /// Reads all counters now.
    static Costs read(Database database) {
        long[] row = database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, pg_backend_pid()")
                        .map((line, context) -> new long[] {line.getLong(1), line.getLong(2)})
                        .one());
        long own =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return new Costs(row[0], server(row[1]), own);
    }

    Costs minus(Costs before) {
        return new Costs(wal - before.wal, serverNanos - before.serverNanos, ownNanos - before.ownNanos);
    }

    /// The postmaster with all that it has waited for, and its living children; 0 where there is no `/proc`.
    private static long server(long backend) {
        if (!Files.isDirectory(PROCESSES)) {
            return 0;
        }
        long postmaster = stat(PROCESSES.resolve(Long.toString(backend))).parent();
        long nanos = stat(PROCESSES.resolve(Long.toString(postmaster))).nanos();
        try (Stream<Path> all = Files.list(PROCESSES)) {
            List<Path> numbered = all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList();
            for (Path process : numbered) {
                Stat stat = stat(process);
                nanos += stat.parent() == postmaster ? stat.nanos() : 0;
            }
        } catch (IOException e) {
            return 0;
        }
        return nanos;
    }

    private static Stat stat(Path process) {
        try {
            String line = Files.readString(process.resolve("stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            // utime, stime, cutime, cstime
            for (int at = 11; at <= 14; at++) {
                ticks += Long.parseLong(fields[at]);
            }
            return new Stat(Long.parseLong(fields[1]), ticks * TICK_NANOS);
        } catch (IOException gone) {
            return new Stat(-1, 0);
        }
    }
}
