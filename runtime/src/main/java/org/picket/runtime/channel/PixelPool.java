package org.picket.runtime.channel;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/// Arrays of views that were read, kept for the views to come: a fresh array of 150 kB costs more to clear than to
/// fill.
/// Safe for any number of threads.
public final class PixelPool {
    private final ArrayBlockingQueue<byte[]> idle;

    /// @param capacity the most arrays kept
    public PixelPool(int capacity) {
        idle = new ArrayBlockingQueue<>(capacity);
    }

    /// An array of exactly that length, with arbitrary content.
    public byte[] take(int length) {
        return Optional.ofNullable(idle.poll())
                .filter(array -> array.length == length)
                .orElseGet(() -> new byte[length]);
    }

    /// Keeps an array, or leaves it to the collector where enough are kept.
    public void give(byte[] array) {
        idle.offer(array);
    }
}
