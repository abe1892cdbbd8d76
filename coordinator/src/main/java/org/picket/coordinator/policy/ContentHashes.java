package org.picket.coordinator.policy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import org.picket.proto.seal.Digest;

/// An immutable set of the SHA-256 of contents, sorted, in 32 bytes each: millions of entries are no burden.
public final class ContentHashes {
    public static final ContentHashes NONE = new ContentHashes(new long[0]);

    private static final int LONGS = Digest.LENGTH / Long.BYTES;

    private final long[] sorted;

    /// One entry, as big-endian longs, ordered as unsigned bytes.
    private record Entry(long first, long second, long third, long fourth) implements Comparable<Entry> {
        private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::first, Long::compareUnsigned)
                .thenComparing(Entry::second, Long::compareUnsigned)
                .thenComparing(Entry::third, Long::compareUnsigned)
                .thenComparing(Entry::fourth, Long::compareUnsigned);

        static Entry of(Digest digest) {
            var bytes = digest.bytes().asReadOnlyByteBuffer();
            return new Entry(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
        }

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }

    private ContentHashes(long[] sorted) {
        this.sorted = sorted;
    }

    public static ContentHashes of(Collection<Digest> hashes) {
        var distinct = hashes.stream().map(Entry::of).sorted().distinct().toArray(Entry[]::new);
        var sorted = new long[distinct.length * LONGS];
        for (int i = 0; i < distinct.length; i++) {
            sorted[i * LONGS] = distinct[i].first();
            sorted[i * LONGS + 1] = distinct[i].second();
            sorted[i * LONGS + 2] = distinct[i].third();
            sorted[i * LONGS + 3] = distinct[i].fourth();
        }
        return new ContentHashes(sorted);
    }

    public int size() {
        return sorted.length / LONGS;
    }

    public boolean isEmpty() {
        return sorted.length == 0;
    }

    /// The bytes of the entry at `index` in sorted order.
    public byte[] at(int index) {
        var bytes = ByteBuffer.allocate(Digest.LENGTH);
        bytes.asLongBuffer().put(sorted, index * LONGS, LONGS);
        return bytes.array();
    }

    public boolean contains(Digest hash) {
        if (sorted.length == 0) {
            return false;
        }
        var wanted = Entry.of(hash);
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle * LONGS, wanted);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    private int compare(int from, Entry wanted) {
        int order = Long.compareUnsigned(sorted[from], wanted.first());
        order = order != 0 ? order : Long.compareUnsigned(sorted[from + 1], wanted.second());
        order = order != 0 ? order : Long.compareUnsigned(sorted[from + 2], wanted.third());
        return order != 0 ? order : Long.compareUnsigned(sorted[from + 3], wanted.fourth());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentHashes that && Arrays.equals(sorted, that.sorted);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sorted);
    }

    /// The size alone: hashes are for no log.
    @Override
    public String toString() {
        return "ContentHashes[" + size() + "]";
    }
}
