package org.picket.crawler.match;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;

/// Many PDQ hashes, searched by distance. Lives outside the Java heap, in 96 bytes a hash and 4 MiB.
///
/// Exact by the pigeonhole: a hash is 16 bands of 16 bits, so of two hashes that differ in at most
/// [#MOST_DISTANCE] bits one band at least differs in one bit or none. The hashes with such a band are looked
/// up in 16 × 17 buckets and compared whole. Where buckets hold so many that this would be slower, all hashes
/// are compared in turn. Safe for any number of threads once built; its memory is given back some time after it
/// was last used.
public final class PdqIndex {
    /// The largest distance that can be searched for.
    public static final int MOST_DISTANCE = 31;

    /// Entries at most: 2.9 GiB.
    public static final int MOST_ENTRIES = 32_000_000;

    private static final int BANDS = 16;
    private static final int BAND_BITS = PdqHash.BITS / BANDS;
    private static final int BUCKETS = 1 << BAND_BITS;
    private static final int LONGS = PdqHash.BITS / Long.SIZE;
    /// Comparing in order is so many times faster than comparing here and there.
    private static final int ORDERLY = 4;

    private final MemorySegment hashes;
    /// For each band, where each bucket begins in its part of `places`; one more for its end.
    private final MemorySegment starts;
    private final MemorySegment places;
    private final int size;

    private PdqIndex(Arena arena, MemorySegment hashes, int size) {
        this.hashes = hashes;
        this.size = size;
        this.starts = arena.allocate((long) BANDS * (BUCKETS + 1) * Integer.BYTES, Integer.BYTES);
        this.places = arena.allocate(Math.max(1L, (long) BANDS * size) * Integer.BYTES, Integer.BYTES);
    }

    /// Takes hashes in, one after the other; their numbers count from 0.
    public static final class Builder {
        private final Arena arena = Arena.ofAuto();
        private final MemorySegment hashes;
        private final int capacity;
        private int size;

        /// @param capacity entries at most
        public Builder(int capacity) {
            if (capacity < 0 || capacity > MOST_ENTRIES) {
                throw new IllegalArgumentException("an index has 0 to " + MOST_ENTRIES + " entries");
            }
            this.capacity = capacity;
            this.hashes = arena.allocate(Math.max(1L, capacity) * PdqHash.BYTES, Long.BYTES);
        }

        public void add(PdqHash hash) {
            if (size == capacity) {
                throw new IllegalStateException("more hashes than were announced");
            }
            long at = (long) size * LONGS;
            hashes.setAtIndex(ValueLayout.JAVA_LONG, at, hash.zeroth());
            hashes.setAtIndex(ValueLayout.JAVA_LONG, at + 1, hash.first());
            hashes.setAtIndex(ValueLayout.JAVA_LONG, at + 2, hash.second());
            hashes.setAtIndex(ValueLayout.JAVA_LONG, at + 3, hash.third());
            size++;
        }

        /// Ends the taking in. The memory is the index's from now on.
        public PdqIndex build() {
            PdqIndex index = new PdqIndex(arena, hashes, size);
            for (int band = 0; band < BANDS; band++) {
                index.sort(band);
            }
            return index;
        }
    }

    /// Sorts the numbers of all hashes by one band, by counting.
    private void sort(int band) {
        int[] next = new int[BUCKETS + 1];
        for (int i = 0; i < size; i++) {
            next[bucket(i, band) + 1]++;
        }
        long offset = (long) band * (BUCKETS + 1);
        for (int bucket = 0; bucket <= BUCKETS; bucket++) {
            next[bucket] += bucket == 0 ? 0 : next[bucket - 1];
            starts.setAtIndex(ValueLayout.JAVA_INT, offset + bucket, next[bucket]);
        }
        long first = (long) band * size;
        for (int i = 0; i < size; i++) {
            places.setAtIndex(ValueLayout.JAVA_INT, first + next[bucket(i, band)]++, i);
        }
    }

    private int bucket(int entry, int band) {
        long part = hashes.getAtIndex(ValueLayout.JAVA_LONG, (long) entry * LONGS + band / 4);
        return (int) (part >>> band % 4 * BAND_BITS) & BUCKETS - 1;
    }

    private static int band(PdqHash hash, int band) {
        long part = switch (band / 4) {
            case 0 -> hash.zeroth();
            case 1 -> hash.first();
            case 2 -> hash.second();
            default -> hash.third();
        };
        return (int) (part >>> band % 4 * BAND_BITS) & BUCKETS - 1;
    }

    public int size() {
        return size;
    }

    /// The hash with that number.
    public PdqHash hash(int number) {
        long at = (long) number * LONGS;
        return new PdqHash(
                hashes.getAtIndex(ValueLayout.JAVA_LONG, at),
                hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 1),
                hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 2),
                hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 3));
    }

    /// Tells the number of every hash within the distance, some of them more than once, in no order.
    ///
    /// @param distance 0 to [#MOST_DISTANCE] bits
    public void within(PdqHash wanted, int distance, IntConsumer found) {
        if (distance < 0 || distance > MOST_DISTANCE) {
            throw new IllegalArgumentException("distances of 0 to " + MOST_DISTANCE + " bits can be searched for");
        }
        if (candidates(wanted) > size / ORDERLY) {
            inOrder(wanted, distance, found);
            return;
        }
        for (int band = 0; band < BANDS; band++) {
            int own = band(wanted, band);
            bucket(band, own, wanted, distance, found);
            for (int bit = 0; bit < BAND_BITS; bit++) {
                bucket(band, own ^ 1 << bit, wanted, distance, found);
            }
        }
    }

    private long candidates(PdqHash wanted) {
        long sum = 0;
        for (int band = 0; band < BANDS; band++) {
            int own = band(wanted, band);
            sum += held(band, own);
            for (int bit = 0; bit < BAND_BITS; bit++) {
                sum += held(band, own ^ 1 << bit);
            }
        }
        return sum;
    }

    private int held(int band, int bucket) {
        long at = (long) band * (BUCKETS + 1) + bucket;
        return starts.getAtIndex(ValueLayout.JAVA_INT, at + 1) - starts.getAtIndex(ValueLayout.JAVA_INT, at);
    }

    private void bucket(int band, int bucket, PdqHash wanted, int distance, IntConsumer found) {
        long at = (long) band * (BUCKETS + 1) + bucket;
        long first = (long) band * size;
        int end = starts.getAtIndex(ValueLayout.JAVA_INT, at + 1);
        for (int i = starts.getAtIndex(ValueLayout.JAVA_INT, at); i < end; i++) {
            int entry = places.getAtIndex(ValueLayout.JAVA_INT, first + i);
            if (near(entry, wanted, distance)) {
                found.accept(entry);
            }
        }
    }

    private void inOrder(PdqHash wanted, int distance, IntConsumer found) {
        for (int entry = 0; entry < size; entry++) {
            if (near(entry, wanted, distance)) {
                found.accept(entry);
            }
        }
    }

    /// Half of the bits settle it nearly always.
    private boolean near(int entry, PdqHash wanted, int distance) {
        long at = (long) entry * LONGS;
        int half = Long.bitCount(hashes.getAtIndex(ValueLayout.JAVA_LONG, at) ^ wanted.zeroth())
                + Long.bitCount(hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 1) ^ wanted.first());
        return half <= distance
                && half
                                + Long.bitCount(hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 2) ^ wanted.second())
                                + Long.bitCount(hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 3) ^ wanted.third())
                        <= distance;
    }
}
