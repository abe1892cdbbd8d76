package org.picket.coordinator.content;

import java.util.concurrent.atomic.AtomicLongArray;

/// A set of 8-byte tags in fixed memory that forgets: where a tag's bucket is full, an older tag of it gives
/// way.
///
/// Safe for any number of threads without a lock: a lost race loses a tag, never makes one up.
final class TagTable {
    private static final int BUCKET = 8;

    private final AtomicLongArray slots;
    private final int buckets;

    /// @param capacity tags at most; rounded up to a power of two
    TagTable(int capacity) {
        int rounded = Integer.highestOneBit(Math.max(BUCKET, capacity - 1)) << 1;
        slots = new AtomicLongArray(rounded);
        buckets = rounded / BUCKET;
    }

    /// @param tag not 0
    boolean contains(long tag) {
        int base = base(tag);
        for (int i = 0; i < BUCKET; i++) {
            if (slots.getOpaque(base + i) == tag) {
                return true;
            }
        }
        return false;
    }

    /// @param tag not 0
    void add(long tag) {
        int base = base(tag);
        for (int i = 0; i < BUCKET; i++) {
            long present = slots.getOpaque(base + i);
            if (present == tag) {
                return;
            }
            if (present == 0) {
                slots.setOpaque(base + i, tag);
                return;
            }
        }
        // Which one gives way is as good as random: tags are, and these bits chose no bucket.
        slots.setOpaque(base + (int) (tag >>> Long.SIZE - 3), tag);
    }

    private int base(long tag) {
        return (int) (tag & buckets - 1) * BUCKET;
    }
}
