package org.picket.crawler.match;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// Many PDQ hashes, searched by distance. Lives outside the Java heap: 96 bytes a hash and 4 MiB, or, from
/// [#LARGE] hashes on, 80 bytes a hash and 128 MiB.
///
/// Exact by the pigeonhole: a hash is cut into bands, and for each band there is a radius, so that of two hashes
/// within the distance one band at least differs in no more bits than its radius. The hashes with such a band are
/// looked up in buckets and compared whole (multi-index hashing, Norouzi, Punjani and Fleet, 2012). Long bands have
/// buckets that hold few, but many buckets lie within their radius: of few hashes that costs more than it spares.
/// Where buckets hold so many that this would be slower, all hashes are compared in turn. Safe for any number of
/// threads once built; its memory is given back some time after it was last used.
public final class PdqIndex {
    /// The largest distance that can be searched for.
    public static final int MOST_DISTANCE = 31;

    /// Entries at most: 2.7 GB.
    public static final int MOST_ENTRIES = 32_000_000;

    /// From so many hashes on bands are long.
    static final int LARGE = 2_000_000;

    static final int SHORT_BANDS = 16;
    static final int LONG_BANDS = 12;
    private static final int LONGS = PdqHash.BITS / Long.SIZE;
    /// Comparing in order is so many times faster than comparing here and there.
    private static final int ORDERLY = 4;

    private final MemorySegment hashes;
    private final Band[] bands;
    private final int size;

    private PdqIndex(Arena arena, MemorySegment hashes, int size, int count) {
        this.hashes = hashes;
        this.size = size;
        this.bands = new Band[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            int bits = PdqHash.BITS / count + (i < PdqHash.BITS % count ? 1 : 0);
            bands[i] = new Band(
                    from,
                    bits,
                    arena.allocate(((1L << bits) + 1) * Integer.BYTES, Integer.BYTES),
                    arena.allocate(Math.max(1L, size) * Integer.BYTES, Integer.BYTES));
            from += bits;
        }
    }

    /// Some neighbouring bits of all hashes.
    ///
    /// @param from the first bit
    /// @param bits how many
    /// @param starts for each value of these bits where its bucket begins in `places`; one more for the last end
    /// @param places the numbers of all hashes, ordered by these bits
    private record Band(int from, int bits, MemorySegment starts, MemorySegment places) {
        int of(PdqHash hash) {
            return switch (from / Long.SIZE) {
                case 0 -> of(hash.zeroth(), hash.first());
                case 1 -> of(hash.first(), hash.second());
                case 2 -> of(hash.second(), hash.third());
                default -> of(hash.third(), 0);
            };
        }

        /// @param low the part of the hash in which the band begins
        /// @param high the part after it
        int of(long low, long high) {
            int shift = from % Long.SIZE;
            long joined = shift == 0 ? low : low >>> shift | high << Long.SIZE - shift;
            return (int) joined & (1 << bits) - 1;
        }

        int start(int bucket) {
            return starts.getAtIndex(ValueLayout.JAVA_INT, bucket);
        }
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
            return build(size < LARGE ? SHORT_BANDS : LONG_BANDS);
        }

        PdqIndex build(int bands) {
            PdqIndex index = new PdqIndex(arena, hashes, size, bands);
            for (Band band : index.bands) {
                index.sort(band);
            }
            return index;
        }
    }

    /// Sorts the numbers of all hashes by one band, by counting.
    private void sort(Band band) {
        int[] next = new int[(1 << band.bits()) + 1];
        for (int i = 0; i < size; i++) {
            next[bucket(i, band) + 1]++;
        }
        for (int bucket = 0; bucket < next.length; bucket++) {
            next[bucket] += bucket == 0 ? 0 : next[bucket - 1];
            band.starts().setAtIndex(ValueLayout.JAVA_INT, bucket, next[bucket]);
        }
        for (int i = 0; i < size; i++) {
            band.places().setAtIndex(ValueLayout.JAVA_INT, next[bucket(i, band)]++, i);
        }
    }

    private int bucket(int entry, Band band) {
        int part = band.from() / Long.SIZE;
        long at = (long) entry * LONGS + part;
        return band.of(
                hashes.getAtIndex(ValueLayout.JAVA_LONG, at),
                part == LONGS - 1 ? 0 : hashes.getAtIndex(ValueLayout.JAVA_LONG, at + 1));
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
        Buckets buckets = new Buckets();
        // With r + 1 shared out among the bands, at least one of them differs in less than its share.
        int share = (distance + 1) / bands.length;
        int larger = (distance + 1) % bands.length;
        for (int i = 0; i < bands.length; i++) {
            int radius = share + (i < larger ? 1 : 0) - 1;
            if (radius >= 0) {
                buckets.around(bands[i], bands[i].of(wanted), radius, 0);
            }
            buckets.count[i + 1] = buckets.size;
        }
        if (buckets.held > size / ORDERLY) {
            inOrder(wanted, distance, found);
            return;
        }
        for (int i = 0; i < bands.length; i++) {
            for (int bucket = buckets.count[i]; bucket < buckets.count[i + 1]; bucket++) {
                compare(bands[i], buckets.starts[bucket], buckets.ends[bucket], wanted, distance, found);
            }
        }
    }

    /// The buckets to look into, found before the first one is looked into: reads that wait for no other overlap.
    private final class Buckets {
        private static final int FIRST = 2_048;

        private int[] starts = new int[FIRST];
        private int[] ends = new int[FIRST];
        /// Up to where each band's buckets go, after a 0.
        private final int[] count = new int[bands.length + 1];
        private int size;
        private long held;

        /// The bucket itself, and all that differ from it in up to `radius` of its bits from `bit` on.
        void around(Band band, int bucket, int radius, int bit) {
            add(band.start(bucket), band.start(bucket + 1));
            for (int other = bit; radius > 0 && other < band.bits(); other++) {
                around(band, bucket ^ 1 << other, radius - 1, other + 1);
            }
        }

        private void add(int start, int end) {
            if (start == end) {
                return;
            }
            if (size == starts.length) {
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
            }
            starts[size] = start;
            ends[size++] = end;
            held += end - start;
        }
    }

    private void compare(Band band, int start, int end, PdqHash wanted, int distance, IntConsumer found) {
        for (int i = start; i < end; i++) {
            int entry = band.places().getAtIndex(ValueLayout.JAVA_INT, i);
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
