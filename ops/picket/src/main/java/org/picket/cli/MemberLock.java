package org.picket.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Held by the one process that is a member: a second one with the same data folder would use the same key, and the
/// coordinator would hold out both.
record MemberLock(FileChannel channel) implements AutoCloseable {
    /// @param data folder of the membership
    /// @param word agent or crawler
    static MemberLock take(Path data, String word) {
        Path file = data.resolve(word + ".lock");
        try {
            OwnerOnly.folder(data);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel).isEmpty()) {
                channel.close();
                throw new UsageFault("another process is the " + word + " of " + data
                        + " already; stop it, or give this one a --data of its own and join with it");
            }
            return new MemberLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("the lock " + file + " cannot be taken: " + e.getMessage(), e);
        }
    }

    private static Optional<FileLock> lock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
