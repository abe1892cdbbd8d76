package org.picket.runtime.channel;

import java.util.ArrayDeque;
import java.util.Optional;

/// Arrays of sealed frames, kept for those to come. Sealed frames of one stream differ by a few bytes, so
/// arrays come in steps of 64 KiB, and small ones are not kept. Safe for any number of threads.
final class FramePool {
    private static final int STEP_BYTES = 64 * 1_024;
    private static final int SMALL_BYTES = 4 * 1_024;

    private final int capacity;
    private final ArrayDeque<byte[]> idle;

    /// @param capacity the most arrays kept
    FramePool(int capacity) {
        this.capacity = capacity;
        this.idle = new ArrayDeque<>(capacity);
    }

    /// An array of at least that length, with arbitrary content.
    byte[] take(int length) {
        if (length < SMALL_BYTES) {
            return new byte[length];
        }
        int size = Math.ceilDiv(length, STEP_BYTES) * STEP_BYTES;
        return last().filter(array -> array.length == size).orElseGet(() -> new byte[size]);
    }

    private synchronized Optional<byte[]> last() {
        return Optional.ofNullable(idle.pollLast());
    }

    /// Keeps an array, or leaves it to the collector.
    synchronized void give(byte[] array) {
        if (array.length >= STEP_BYTES && idle.size() < capacity) {
            idle.addLast(array);
        }
    }
}
