package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/// Limits how many purges begin within any hour. It remembers the last moments in a ring on disk, so that a
/// restart, or a loop of them, grants nothing new. A clock that was set back grants nothing either.
final class PurgeRate implements AutoCloseable {

    private static final Duration WINDOW = Duration.ofHours(1);

    private final FileChannel ring;
    private final int perHour;

    PurgeRate(Path file, int perHour) throws IOException {
        this.perHour = perHour;
        this.ring =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /// Takes one purge of the hour, unless all are taken.
    synchronized boolean tryTake(Instant now) throws IOException {
        ByteBuffer slots = ByteBuffer.allocate(perHour * Long.BYTES);
        ring.read(slots, 0);
        int oldest = 0;
        for (int slot = 1; slot < perHour; slot++) {
            if (slots.getLong(slot * Long.BYTES) < slots.getLong(oldest * Long.BYTES)) {
                oldest = slot;
            }
        }
        long earliest = slots.getLong(oldest * Long.BYTES);
        if (earliest > now.minus(WINDOW).toEpochMilli()) {
            return false;
        }
        ByteBuffer moment = ByteBuffer.allocate(Long.BYTES).putLong(0, now.toEpochMilli());
        ring.write(moment, (long) oldest * Long.BYTES);
        return true;
    }

    @Override
    public synchronized void close() throws IOException {
        ring.close();
    }
}
