package org.picket.crawler.match;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/// Many hashes of one length, each with the place of its list. Lives outside the Java heap, in the length of a
/// hash and 10 to 18 bytes each. Built by one thread; then safe for any number.
final class ExactIndex {
    /// Entries at most: 1.6 GB of SHA-256.
    static final int MOST_ENTRIES = 32_000_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int longs;
    private final int capacity;
    private final MemorySegment values;
    private final MemorySegment lists;
    /// Number of an entry plus one; 0: free.
    private final MemorySegment slots;
    private final int mask;
    /// Where an entry's place is reckoned from: who makes a list must not be able to have all of it fall on one place.
    private final long seed = ThreadLocalRandom.current().nextLong();

    private int size;

    /// @param bytes of a hash, a multiple of 8
    /// @param capacity entries at most
    ExactIndex(int bytes, long capacity) {
        if (capacity < 0 || capacity > MOST_ENTRIES) {
            throw new IllegalArgumentException("an index has 0 to " + MOST_ENTRIES + " entries");
        }
        this.longs = bytes / Long.BYTES;
        this.capacity = (int) capacity;
        int room = Integer.highestOneBit((int) Math.max(1, capacity) * 3 / 2 | 1) << 1;
        this.mask = room - 1;
        Arena arena = Arena.ofAuto();
        this.values = arena.allocate(Math.max(1, capacity) * bytes, Long.BYTES);
        this.lists = arena.allocate(Math.max(1, capacity) * Short.BYTES, Short.BYTES);
        this.slots = arena.allocate((long) room * Integer.BYTES, Integer.BYTES);
    }

    /// Takes the next hash of the buffer in.
    void add(ByteBuffer hash, int list) {
        if (size == capacity) {
            throw new IllegalStateException("more hashes than were announced");
        }
        long first = (long) size * longs * Long.BYTES;
        long mixed = seed;
        for (int i = 0; i < longs; i++) {
            long part = hash.getLong();
            values.set(LONG, first + (long) i * Long.BYTES, part);
            mixed = mix(mixed, part);
        }
        lists.setAtIndex(ValueLayout.JAVA_SHORT, size, (short) list);
        size++;
        int slot = (int) mixed & mask;
        while (slots.getAtIndex(ValueLayout.JAVA_INT, slot) != 0) {
            slot = slot + 1 & mask;
        }
        slots.setAtIndex(ValueLayout.JAVA_INT, slot, size);
    }

    /// Steps and constants are those of SplitMix64: every bit of the part moves every bit of what comes out.
    private static long mix(long before, long part) {
        long mixed = (before ^ part) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    int size() {
        return size;
    }

    /// Tells the place of every list that has the hash.
    void find(byte[] hash, IntConsumer found) {
        if (size == 0) {
            return;
        }
        long[] parts = new long[longs];
        ByteBuffer.wrap(hash).asLongBuffer().get(parts);
        long mixed = seed;
        for (long part : parts) {
            mixed = mix(mixed, part);
        }
        int slot = (int) mixed & mask;
        for (int entry = slots.getAtIndex(ValueLayout.JAVA_INT, slot);
                entry != 0;
                entry = slots.getAtIndex(ValueLayout.JAVA_INT, slot)) {
            if (equal(entry - 1, parts)) {
                found.accept(Short.toUnsignedInt(lists.getAtIndex(ValueLayout.JAVA_SHORT, entry - 1)));
            }
            slot = slot + 1 & mask;
        }
    }

    private boolean equal(int entry, long[] parts) {
        long first = (long) entry * longs * Long.BYTES;
        for (int i = 0; i < longs; i++) {
            if (values.get(LONG, first + (long) i * Long.BYTES) != parts[i]) {
                return false;
            }
        }
        return true;
    }
}
