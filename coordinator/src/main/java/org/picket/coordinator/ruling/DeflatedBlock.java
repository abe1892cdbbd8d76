package org.picket.coordinator.ruling;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads score blocks as they were written first: behind the header one zlib stream of tags (8 bytes each), views
/// of each object (1 byte each), and for each concept the high bytes of its scores over all views and then the low
/// bytes, each as the difference to the one before. Databases still hold some; none is written any more, for
/// deflating took a seventh of all that a verdict costs.
final class DeflatedBlock {
    static final byte VERSION = 1;
    private static final int HEADER_BYTES = 13;

    private DeflatedBlock() {}

    /// @param encoded a header that is within the limits, and more
    /// @throws ScoreBlock.Unreadable if these are not the bytes of one whole block
    static ScoreBlock read(byte[] encoded, int concepts, int objects, int allViews) {
        var raw = ByteBuffer.wrap(inflate(encoded, (int) ScoreBlock.rawBytes(concepts, objects, allViews)));
        var tags = new long[objects];
        raw.asLongBuffer().get(tags);
        raw.position(objects * Long.BYTES);
        var views = new int[objects];
        int sum = 0;
        for (int object = 0; object < objects; object++) {
            views[object] = Byte.toUnsignedInt(raw.get());
            sum += views[object];
        }
        if (sum != allViews) {
            throw new ScoreBlock.Unreadable("its objects have " + sum + " views, not " + allViews);
        }
        try {
            return new ScoreBlock(concepts, tags, views, scores(raw, concepts, allViews));
        } catch (IllegalArgumentException e) {
            throw new ScoreBlock.Unreadable(e.getMessage());
        }
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
                throw new ScoreBlock.Unreadable("its content is not as long as its header says");
            }
        } catch (DataFormatException e) {
            throw new ScoreBlock.Unreadable("its content is damaged: " + e.getMessage());
        }
        return raw;
    }
}
