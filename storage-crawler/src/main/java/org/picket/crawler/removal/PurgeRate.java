package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/// Limits how many purges begin within any hour. It remembers the last moments in a ring on disk, so that a
/// restart, or a loop of them, grants nothing new, nor does one with another limit. A clock that was set back grants
/// nothing either.
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
        // What a higher limit than today's allowed stands further behind, and counts, too.
        int count = Math.max(perHour, Math.toIntExact(ring.size() / Long.BYTES));
        ByteBuffer slots = ByteBuffer.allocate(count * Long.BYTES);
        ring.read(slots, 0);
        long windowBegan = now.minus(WINDOW).toEpochMilli();
        int oldest = 0;
        int taken = 0;
        for (int slot = 0; slot < count; slot++) {
            long at = slots.getLong(slot * Long.BYTES);
            taken += at > windowBegan ? 1 : 0;
            oldest = at < slots.getLong(oldest * Long.BYTES) ? slot : oldest;
        }
        if (taken >= perHour) {
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
