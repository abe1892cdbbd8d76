package org.picket.crawler.removal;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Stops removals at once while a file exists. Asked before every change and between the pieces of a long read.
final class KillSwitch {

    /// The switch was thrown while an order was being carried out.
    static final class Thrown extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Thrown() {
            super("removals are stopped", null, false, false);
        }
    }

    private final Path file;

    KillSwitch(Path file) {
        this.file = file;
    }

    void check() {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Thrown();
        }
    }
}
