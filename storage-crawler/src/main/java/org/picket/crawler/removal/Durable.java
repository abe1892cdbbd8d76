package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Changes to directories that survive a loss of power.
final class Durable {

    private static final String OWNER_ONLY = "rwx------";

    private Durable() {}

    /// Forces the names in `directory` to disk.
    static void directory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes `directory`, and what is missing above it, for this user alone.
    static void privateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(OWNER_ONLY));
            directory(directory.getParent());
        }
    }
}
