package org.picket.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.picket.runtime.terminal.Amounts;

/// Whether there is room for what is to be written, and something is left.
public final class Room {
    /// What is left free.
    static final long RESERVE_BYTES = 64L << 20;

    private Room() {}

    /// What is in the way of writing so much into a folder, in words; empty: nothing.
    public static Optional<String> lacking(long bytes, Path folder) throws IOException {
        return lacking(bytes, Files.getFileStore(folder).getUsableSpace(), folder);
    }

    /// As the other one, of a disk that is looked at by its caller.
    ///
    /// @param free bytes on the folder's disk
    public static Optional<String> lacking(long bytes, long free, Path folder) {
        return free - RESERVE_BYTES >= bytes
                ? Optional.empty()
                : Optional.of("it takes " + Amounts.bytes(bytes) + ", and " + Amounts.bytes(free) + " are free in "
                        + folder + ", of which " + Amounts.bytes(RESERVE_BYTES) + " stay free");
    }
}
