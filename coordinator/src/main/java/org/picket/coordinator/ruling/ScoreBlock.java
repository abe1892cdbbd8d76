package org.picket.coordinator.ruling;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.picket.proto.limit.Limits;

/// The scores of one shard, as they are kept so that another policy can rule them without a rescan: for each
/// object a tag of its content, how many views it had (none, where it was not scored) and their scores.
///
/// Encoded, in this order, big-endian: `'P' 'S'`, version (the low 4 bits of a byte; the high ones tell which
/// further bundles' scores stand behind the first one's, as [CompiledPolicy#scored]), concepts (2), objects (4),
/// views of all objects (4), CRC-32C of all other bytes (4); then tags (8 bytes each); the views of each object,
/// which is one byte where all have as many, else 255 and a byte each; and a [PackedColumn] for each concept. The
/// same block gives the same bytes.
///
/// Immutable; the arrays it is given are copied, those of [#scores] are not to be changed.
public final class ScoreBlock {
    /// Bytes of a decoded block, which the largest shard of the largest bundle just fits into; what claims more
    /// is refused before anything is allocated.
    public static final int RAW_LIMIT_BYTES =
            Limits.SHARD_OBJECTS * (Long.BYTES + 1 + Limits.OBJECT_VIEWS * Limits.BUNDLE_CONCEPTS * Short.BYTES);

    private static final byte VERSION = 2;
    private static final int VERSION_AT = 2;
    private static final int VERSION_BITS = 4;
    private static final int SUM_AT = 13;
    private static final int HEADER_BYTES = SUM_AT + Integer.BYTES;

    /// In place of the views of all objects, where these differ.
    private static final byte DIFFERENT = -1;

    private final int scored;
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
        this(0, concepts, tags.clone(), bytes(views), scores.clone());
    }

    private ScoreBlock(int scored, int concepts, long[] tags, byte[] views, short[] scores) {
        this.scored = scored;
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

    /// The same scores, as those of further bundles too.
    ///
    /// @param bundlesScored as [CompiledPolicy#scored]
    public ScoreBlock by(int bundlesScored) {
        if (bundlesScored >>> Limits.FURTHER_BUNDLES != 0) {
            throw new IllegalArgumentException("there are at most " + Limits.FURTHER_BUNDLES + " further bundles");
        }
        return new ScoreBlock(bundlesScored, concepts, tags, views, scores);
    }

    /// Which further bundles' scores stand behind the first one's, as [CompiledPolicy#scored].
    public int scored() {
        return scored;
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
        int most = HEADER_BYTES + tags.length * (Long.BYTES + 1) + 1 + concepts * PackedColumn.mostBytes(allViews);
        var into = ByteBuffer.allocate(most)
                .put((byte) 'P')
                .put((byte) 'S')
                .put((byte) (VERSION | scored << VERSION_BITS))
                .putShort((short) concepts)
                .putInt(tags.length)
                .putInt(allViews)
                .putInt(0);
        for (long tag : tags) {
            into.putLong(tag);
        }
        putViews(into);
        for (int concept = 0; concept < concepts; concept++) {
            PackedColumn.write(scores, concept, concepts, allViews, into);
        }
        into.putInt(SUM_AT, sum(into.array(), into.position()));
        return Arrays.copyOf(into.array(), into.position());
    }

    private void putViews(ByteBuffer into) {
        boolean alike = true;
        for (byte each : views) {
            alike &= each == views[0];
        }
        if (alike) {
            into.put(views.length == 0 ? 0 : views[0]);
        } else {
            into.put(DIFFERENT).put(views);
        }
    }

    private static int sum(byte[] bytes, int length) {
        var sum = new CRC32C();
        sum.update(bytes, 0, SUM_AT);
        sum.update(bytes, HEADER_BYTES, length - HEADER_BYTES);
        return (int) sum.getValue();
    }

    /// A block as it is stored, but for its columns, which are for the caller to read.
    ///
    /// @param allViews views of all objects
    /// @param views of each object
    /// @param encoded the whole block
    /// @param columns where each concept's column begins in it
    record Unpacked(int concepts, long[] tags, int allViews, byte[] views, byte[] encoded, int[] columns) {
        /// By which further bundles, as [CompiledPolicy#scored].
        int scored() {
            return Byte.toUnsignedInt(encoded[VERSION_AT]) >> VERSION_BITS;
        }
    }

    /// Reads what [#encode] wrote; never allocates more than the limits allow.
    ///
    /// @throws Unreadable if these are not the bytes of one whole block
    public static ScoreBlock decode(byte[] encoded) {
        var unpacked = unpack(encoded);
        int concepts = unpacked.concepts();
        var scores = new short[unpacked.allViews() * concepts];
        var column = new int[unpacked.allViews()];
        for (int concept = 0; concept < concepts; concept++) {
            PackedColumn.read(unpacked.encoded(), unpacked.columns()[concept], column.length, column);
            for (int view = 0; view < column.length; view++) {
                scores[view * concepts + concept] = (short) column[view];
            }
        }
        return new ScoreBlock(unpacked.scored(), concepts, unpacked.tags(), unpacked.views(), scores);
    }

    /// As [#decode], but for the columns.
    static Unpacked unpack(byte[] encoded) {
        if (encoded.length < HEADER_BYTES) {
            throw new Unreadable(encoded.length + " bytes are less than its header");
        }
        var from = ByteBuffer.wrap(encoded);
        if (from.get() != 'P' || from.get() != 'S') {
            throw new Unreadable("it begins otherwise");
        }
        int version = from.get() & (1 << VERSION_BITS) - 1;
        if (version != VERSION) {
            throw new Unreadable("version " + version + " is not known here");
        }
        int concepts = Short.toUnsignedInt(from.getShort());
        int objects = from.getInt();
        int allViews = from.getInt();
        if (concepts < 1 || concepts > Limits.BUNDLE_CONCEPTS || objects < 0 || objects > Limits.SHARD_OBJECTS) {
            throw new Unreadable(objects + " objects of " + concepts + " concepts are past its limits");
        }
        if (allViews < 0 || rawBytes(concepts, objects, allViews) > RAW_LIMIT_BYTES) {
            throw new Unreadable(allViews + " views are past its limits");
        }
        if (from.getInt() != sum(encoded, encoded.length)) {
            throw new Unreadable("its content is damaged");
        }
        try {
            return content(from, concepts, objects, allViews);
        } catch (BufferUnderflowException e) {
            throw new Unreadable("its content is not as long as its header says");
        }
    }

    private static Unpacked content(ByteBuffer from, int concepts, int objects, int allViews) {
        if (from.remaining() < objects * Long.BYTES) {
            throw new BufferUnderflowException();
        }
        var tags = new long[objects];
        from.asLongBuffer().get(tags);
        from.position(from.position() + objects * Long.BYTES);
        var views = new byte[objects];
        byte alike = from.get();
        if (alike == DIFFERENT) {
            from.get(views);
        } else {
            Arrays.fill(views, alike);
        }
        int sum = 0;
        for (byte each : views) {
            if (each < 0 || each > Limits.OBJECT_VIEWS) {
                throw new Unreadable("an object of it has " + Byte.toUnsignedInt(each) + " views");
            }
            sum += each;
        }
        if (sum != allViews) {
            throw new Unreadable("its objects have " + sum + " views, not " + allViews);
        }
        var columns = new int[concepts];
        for (int concept = 0; concept < concepts; concept++) {
            columns[concept] = from.position();
            PackedColumn.pass(from, allViews);
        }
        if (from.hasRemaining()) {
            throw new Unreadable("its content is longer than its header says");
        }
        return new Unpacked(concepts, tags, allViews, views, from.array(), columns);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreBlock that
                && scored == that.scored
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
