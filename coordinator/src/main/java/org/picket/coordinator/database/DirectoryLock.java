package org.picket.coordinator.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Holds a database directory for this process alone. The operating system lets go of it when the process dies,
/// however it dies, so a lock is never left behind.
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path dir) {
        FileChannel channel;
        try {
            channel = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot write to the database directory " + dir + ": " + e.getMessage()
                            + ". Give this user the right to write there, or choose another directory.",
                    e);
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException held) {
            // Somebody else in this very process: the same answer as for another process.
        } catch (IOException e) {
            close(channel);
            throw new DatabaseException(
                    "cannot lock the database directory " + dir + ": " + e.getMessage()
                            + ". Choose a directory on a local disk.",
                    e);
        }
        close(channel);
        throw new DatabaseException("the database directory " + dir
                + " is in use by another Picket process. Stop that one, or give this one a directory of its own.");
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
