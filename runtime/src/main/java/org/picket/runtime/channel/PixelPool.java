package org.picket.runtime.channel;

import java.util.ArrayDeque;
import java.util.Optional;

/// Arrays of views that were read, kept for the views to come: a fresh array of 150 kB costs more to clear than
/// to fill. The one given back last is taken first, since it is still in the processor's cache. Safe for any
/// number of threads.
public final class PixelPool {
    private final int capacity;
    private final ArrayDeque<byte[]> idle;

    /// @param capacity the most arrays kept
    public PixelPool(int capacity) {
        this.capacity = capacity;
        this.idle = new ArrayDeque<>(capacity);
    }

    /// An array of exactly that length, with arbitrary content.
    public byte[] take(int length) {
        return last().filter(array -> array.length == length).orElseGet(() -> new byte[length]);
    }

    private synchronized Optional<byte[]> last() {
        return Optional.ofNullable(idle.pollLast());
    }

    /// Keeps an array, or leaves it to the collector where enough are kept.
    public synchronized void give(byte[] array) {
        if (idle.size() < capacity) {
            idle.addLast(array);
        }
    }
}
