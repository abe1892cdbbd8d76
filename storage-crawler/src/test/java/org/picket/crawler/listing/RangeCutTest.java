package org.picket.crawler.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.crawler.source.ObjectReference;
import org.picket.proto.seal.Digest;

class RangeCutTest {
    private static final long SEED = 7;

    @Test
    void rangesCoverEveryObjectOnceAndInOrder() {
        List<ObjectReference> objects = objects(10_000);
        int at = 0;
        for (KeySpan span : cut(objects)) {
            assertEquals(objects.get(at).key(), span.firstKey());
            at += span.objects();
            assertEquals(objects.get(at - 1).key(), span.lastKey());
        }
        assertEquals(objects.size(), at);
    }

    @Test
    void digestIsThatOfTheContract() {
        List<ObjectReference> objects = objects(3);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        objects.forEach(object -> {
            text.writeBytes((object.key() + '\0' + object.version() + '\0').getBytes(StandardCharsets.UTF_8));
            text.writeBytes(ByteBuffer.allocate(16)
                    .putLong(object.sizeBytes())
                    .putLong(object.modified().toEpochMilli())
                    .array());
        });
        ByteString expected = Digest.of(text.toByteArray()).bytes().substring(0, 16);
        KeySpan span = cut(objects).getFirst();
        assertEquals(3, span.objects(), "the seed was chosen so that three objects stay together");
        assertEquals(expected, span.digest());
    }

    @Test
    void contentWrittenAnewUnderTheSameVersionChangesTheDigest() {
        ObjectReference first = new ObjectReference("a", "null", 5, Instant.EPOCH);
        ObjectReference longer = new ObjectReference("a", "null", 6, Instant.EPOCH);
        ObjectReference later = new ObjectReference("a", "null", 5, Instant.EPOCH.plusSeconds(1));
        ByteString digest = cut(List.of(first)).getFirst().digest();
        assertNotEquals(digest, cut(List.of(longer)).getFirst().digest());
        assertNotEquals(digest, cut(List.of(later)).getFirst().digest());
    }

    @Test
    void newObjectChangesHardlyAnyOtherRange() {
        List<ObjectReference> objects = objects(20_000);
        List<ObjectReference> more = new ArrayList<>(objects);
        more.add(10_000, new ObjectReference(objects.get(9_999).key() + "x", "v", 1, Instant.EPOCH));
        Set<KeySpan> before = new HashSet<>(cut(objects));
        Set<KeySpan> after = new HashSet<>(cut(more));
        after.removeAll(before);
        assertTrue(after.size() <= 4, after.size() + " ranges changed by one object");
    }

    @Test
    void rangesAreOfTheSizeThatTheContractSays() {
        List<KeySpan> spans = cut(objects(50_000));
        double average = 50_000.0 / spans.size();
        assertTrue(average > 45 && average < 65, "average range of " + average + " objects");
    }

    private static List<KeySpan> cut(List<ObjectReference> objects) {
        RangeCut cut = new RangeCut();
        List<KeySpan> spans = new ArrayList<>();
        objects.forEach(object -> cut.add(object).ifPresent(spans::add));
        cut.finish().ifPresent(spans::add);
        return spans;
    }

    private static List<ObjectReference> objects(int count) {
        Random random = new Random(SEED);
        List<ObjectReference> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            objects.add(new ObjectReference(
                    "%02d/%08d".formatted(i / 1_000, i), Long.toHexString(random.nextLong()), i, Instant.EPOCH));
        }
        return objects;
    }
}
