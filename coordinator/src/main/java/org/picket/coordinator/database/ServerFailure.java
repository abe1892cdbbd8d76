package org.picket.coordinator.database;

import java.nio.file.Path;

/// What PostgreSQL's last words mean, and what a person can do about it.
final class ServerFailure {

    private ServerFailure() {}

    /// One sentence or two for a person, from the end of the server's log.
    static String explain(String log, Path data) {
        if (log.contains("No space left on device")) {
            return "the disk that holds " + data + " is full. Free some space there and start again; nothing that was"
                    + " acknowledged is lost.";
        }
        if (log.contains("Permission denied") || log.contains("has wrong ownership")) {
            return "PostgreSQL may not read " + data + ". Run Picket as the user who owns it. PostgreSQL said: "
                    + lastLine(log);
        }
        if (log.contains("database files are incompatible with server")) {
            return "the data in " + data + " was made by another version of PostgreSQL. Start it with the Picket that"
                    + " made it.";
        }
        if (log.contains("could not create shared memory segment") || log.contains("could not map anonymous shared")) {
            return "there is not enough memory for the database's cache. Give it less (shared buffers), or the machine"
                    + " more.";
        }
        if (log.contains("could not locate a valid checkpoint record") || log.contains("invalid checkpoint record")) {
            return "the data in " + data + " is damaged. Restore it from a backup.";
        }
        return log.isBlank() ? "PostgreSQL gave no reason" : "PostgreSQL said: " + lastLine(log);
    }

    private static String lastLine(String log) {
        String[] lines = log.split("\n");
        for (int i = lines.length - 1; i >= 0; i--) {
            if (lines[i].contains("FATAL") || lines[i].contains("PANIC") || lines[i].contains("rror:")) {
                return lines[i].strip();
            }
        }
        return lines[lines.length - 1].strip();
    }
}
