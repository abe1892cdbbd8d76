package org.picket.crawler.listing;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.picket.crawler.source.ObjectReference;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;

/// Cuts a listing into ranges at places that the content chooses: after a key whose SHA-256 ends in six zero
/// bits, so every 64 keys on average, and after 128 objects at the latest. A new object therefore changes the
/// range it falls into and hardly ever another, and the coordinator recognises all others as ruled already.
///
/// Used by one thread. A range never spans two listings: whoever resumes begins after a range.
public final class RangeCut {
    private static final int CUT_MASK = 0x3f;
    private static final byte SEPARATOR = 0;

    private final MessageDigest content = Digest.sha256();
    private final MessageDigest place = Digest.sha256();
    private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);
    private String first = "";
    private String last = "";
    private int objects;
    private long bytes;

    /// Adds the next object, and gives the range that it ends, if it ends one.
    public Optional<KeySpan> add(ObjectReference object) {
        byte[] key = object.key().getBytes(StandardCharsets.UTF_8);
        if (objects == 0) {
            first = object.key();
        }
        last = object.key();
        objects++;
        bytes += object.sizeBytes();
        content.update(key);
        content.update(SEPARATOR);
        content.update(object.version().getBytes(StandardCharsets.UTF_8));
        content.update(SEPARATOR);
        // Where a bucket's versions are suspended, every content written has the version "null".
        numbers.clear().putLong(object.sizeBytes()).putLong(object.modified().toEpochMilli());
        content.update(numbers.flip());
        byte[] hash = place.digest(key);
        boolean ends = (hash[Digest.LENGTH - 1] & CUT_MASK) == 0;
        return ends || objects == Limits.RANGE_OBJECTS ? finish() : Optional.empty();
    }

    /// Gives what is left as the last range.
    public Optional<KeySpan> finish() {
        if (objects == 0) {
            return Optional.empty();
        }
        ByteString digest = ByteString.copyFrom(content.digest(), 0, KeySpan.DIGEST_LENGTH);
        KeySpan span = new KeySpan(first, last, objects, bytes, digest);
        objects = 0;
        bytes = 0;
        return Optional.of(span);
    }
}
