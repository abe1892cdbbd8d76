package org.picket.coordinator.ruling;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.picket.proto.limit.Limits;

/// The scores of one shard, as they are kept so that another policy can rule them without a rescan: for each
/// object a tag of its content, how many views it had (none, where it was not scored) and their scores.
///
/// Encoded, in this order, big-endian: `'P' 'S'`, version (1 byte), concepts (2), objects (4), views of all
/// objects (4), then one zlib stream of: tags (8 bytes each), views of each object (1 byte each), and for each
/// concept the high bytes of its scores over all views and then the low bytes, each as the difference to the
/// one before. The same block gives the same bytes with the same zlib.
///
/// Immutable; the arrays it is given are copied, those of [#scores] are not to be changed.
public final class ScoreBlock {
    /// Bytes of a decoded block, which the largest shard of the largest bundle just fits into; what claims more
    /// is refused before anything is allocated.
    public static final int RAW_LIMIT_BYTES =
            Limits.SHARD_OBJECTS * (Long.BYTES + 1 + Limits.OBJECT_VIEWS * Limits.BUNDLE_CONCEPTS * Short.BYTES);

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 13;
    private static final int SLACK_BYTES = 1024;

    private final int concepts;
    private final long[] tags;
    private final byte[] views;
    private final int[] firstView;
    private final short[] scores;

    /// What makes bytes not a block.
    public static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super("not a score block: " + message);
        }
    }

    /// @param concepts scores per view
    /// @param tags one per object: the first 8 bytes of its SHA-256, or a keyed digest of it
    /// @param views of each object
    /// @param scores fixed point, view after view in the order of the objects
    /// @throws IllegalArgumentException if the lengths do not fit together or pass a limit
    public ScoreBlock(int concepts, long[] tags, int[] views, short[] scores) {
        this(concepts, tags.clone(), bytes(views), scores.clone());
    }

    private ScoreBlock(int concepts, long[] tags, byte[] views, short[] scores) {
        this.concepts = concepts;
        this.tags = tags;
        this.views = views;
        this.scores = scores;
        this.firstView = new int[views.length + 1];
        for (int i = 0; i < views.length; i++) {
            firstView[i + 1] = firstView[i] + Byte.toUnsignedInt(views[i]);
        }
        long raw = rawBytes(concepts, tags.length, firstView[views.length]);
        if (concepts < 1
                || concepts > Limits.BUNDLE_CONCEPTS
                || tags.length > Limits.SHARD_OBJECTS
                || raw > RAW_LIMIT_BYTES) {
            throw new IllegalArgumentException("a score block of " + tags.length + " objects with "
                    + firstView[views.length] + " views of " + concepts + " scores is past its limits");
        }
        if (views.length != tags.length || scores.length != firstView[views.length] * concepts) {
            throw new IllegalArgumentException("tags, views and scores of a score block do not fit together");
        }
    }

    /// The scores of one object alone, without a tag.
    public static ScoreBlock of(ViewScores scores) {
        int to = scores.from() + scores.views() * scores.concepts();
        return new ScoreBlock(
                scores.concepts(),
                new long[1],
                new int[] {scores.views()},
                Arrays.copyOfRange(scores.q(), scores.from(), to));
    }

    private static byte[] bytes(int[] views) {
        var bytes = new byte[views.length];
        for (int i = 0; i < views.length; i++) {
            if (views[i] < 0 || views[i] > Limits.OBJECT_VIEWS) {
                throw new IllegalArgumentException(
                        "an object has 0 to " + Limits.OBJECT_VIEWS + " views, not " + views[i]);
            }
            bytes[i] = (byte) views[i];
        }
        return bytes;
    }

    private static long rawBytes(int concepts, long objects, long views) {
        return objects * (Long.BYTES + 1) + views * concepts * Short.BYTES;
    }

    public int concepts() {
        return concepts;
    }

    public int objects() {
        return tags.length;
    }

    public long tag(int object) {
        return tags[object];
    }

    /// How many views the object had; 0 where it was not scored.
    public int views(int object) {
        return Byte.toUnsignedInt(views[object]);
    }

    public ViewScores scores(int object) {
        return new ViewScores(scores, offset(object), views(object), concepts);
    }

    /// All scores, for [CompiledPolicy#firstMatch] together with [#offset] and [#views(int)].
    public short[] scores() {
        return scores;
    }

    /// Where the object's scores begin.
    public int offset(int object) {
        return firstView[object] * concepts;
    }

    /// The bytes to store.
    public byte[] encode() {
        int allViews = firstView[tags.length];
        var raw = ByteBuffer.allocate((int) rawBytes(concepts, tags.length, allViews));
        for (long tag : tags) {
            raw.putLong(tag);
        }
        raw.put(views);
        for (int concept = 0; concept < concepts; concept++) {
            plane(raw, concept, allViews, Byte.SIZE);
            plane(raw, concept, allViews, 0);
        }
        var packed = new byte[raw.capacity() + raw.capacity() / 1000 + SLACK_BYTES];
        int length;
        try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(raw.array());
            deflater.finish();
            length = deflater.deflate(packed);
            if (!deflater.finished()) {
                throw new IllegalStateException("deflate went past its bound");
            }
        }
        return ByteBuffer.allocate(HEADER_BYTES + length)
                .put((byte) 'P')
                .put((byte) 'S')
                .put(VERSION)
                .putShort((short) concepts)
                .putInt(tags.length)
                .putInt(allViews)
                .put(packed, 0, length)
                .array();
    }

    private void plane(ByteBuffer raw, int concept, int allViews, int shift) {
        int before = 0;
        for (int view = 0; view < allViews; view++) {
            int part = scores[view * concepts + concept] >> shift;
            raw.put((byte) (part - before));
            before = part;
        }
    }

    /// A block as it is stored, unpacked: what its planes hold is for the caller to read.
    ///
    /// @param allViews views of all objects
    /// @param views of each object
    /// @param planes for each concept a byte for each view, high then low, each the difference to the one before
    record Unpacked(int concepts, long[] tags, int allViews, byte[] views, ByteBuffer planes) {}

    /// Reads what [#encode] wrote; never allocates more than the header claims, nor more than the limits.
    ///
    /// @throws Unreadable if these are not the bytes of one whole block
    public static ScoreBlock decode(byte[] encoded) {
        var unpacked = unpack(encoded);
        return new ScoreBlock(
                unpacked.concepts(),
                unpacked.tags(),
                unpacked.views(),
                scores(unpacked.planes(), unpacked.concepts(), unpacked.allViews()));
    }

    /// As [#decode], but for the planes.
    static Unpacked unpack(byte[] encoded) {
        if (encoded.length < HEADER_BYTES) {
            throw new Unreadable(encoded.length + " bytes are less than its header");
        }
        var header = ByteBuffer.wrap(encoded);
        if (header.get() != 'P' || header.get() != 'S') {
            throw new Unreadable("it begins otherwise");
        }
        byte version = header.get();
        if (version != VERSION) {
            throw new Unreadable("version " + version + " is not known here");
        }
        int concepts = Short.toUnsignedInt(header.getShort());
        int objects = header.getInt();
        int allViews = header.getInt();
        if (concepts < 1 || concepts > Limits.BUNDLE_CONCEPTS || objects < 0 || objects > Limits.SHARD_OBJECTS) {
            throw new Unreadable(objects + " objects of " + concepts + " concepts are past its limits");
        }
        if (allViews < 0 || rawBytes(concepts, objects, allViews) > RAW_LIMIT_BYTES) {
            throw new Unreadable(allViews + " views are past its limits");
        }
        var raw = ByteBuffer.wrap(inflate(encoded, (int) rawBytes(concepts, objects, allViews)));
        var tags = new long[objects];
        raw.asLongBuffer().get(tags);
        raw.position(objects * Long.BYTES);
        var views = new byte[objects];
        raw.get(views);
        int sum = 0;
        for (byte each : views) {
            sum += Byte.toUnsignedInt(each);
        }
        if (sum != allViews) {
            throw new Unreadable("its objects have " + sum + " views, not " + allViews);
        }
        return new Unpacked(concepts, tags, allViews, views, raw.slice());
    }

    private static short[] scores(ByteBuffer raw, int concepts, int allViews) {
        var scores = new short[allViews * concepts];
        for (int concept = 0; concept < concepts; concept++) {
            int high = 0;
            for (int view = 0; view < allViews; view++) {
                high += raw.get();
                scores[view * concepts + concept] = (short) (high << Byte.SIZE);
            }
            int low = 0;
            for (int view = 0; view < allViews; view++) {
                low += raw.get();
                scores[view * concepts + concept] |= (short) (low & 0xff);
            }
        }
        return scores;
    }

    private static byte[] inflate(byte[] encoded, int length) {
        // One byte more than expected, so that a longer stream shows.
        var raw = new byte[length + 1];
        try (var inflater = new Inflater()) {
            inflater.setInput(encoded, HEADER_BYTES, encoded.length - HEADER_BYTES);
            int got = 0;
            while (!inflater.finished() && got <= length) {
                int more = inflater.inflate(raw, got, raw.length - got);
                if (more == 0 && !inflater.finished()) {
                    break;
                }
                got += more;
            }
            if (got != length || !inflater.finished() || inflater.getRemaining() != 0) {
                throw new Unreadable("its content is not as long as its header says");
            }
        } catch (DataFormatException e) {
            throw new Unreadable("its content is damaged: " + e.getMessage());
        }
        return raw;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreBlock that
                && concepts == that.concepts
                && Arrays.equals(tags, that.tags)
                && Arrays.equals(views, that.views)
                && Arrays.equals(scores, that.scores);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {concepts, Arrays.hashCode(tags), Arrays.hashCode(scores)});
    }

    @Override
    public String toString() {
        return "ScoreBlock[" + tags.length + " objects, " + concepts + " concepts]";
    }
}
