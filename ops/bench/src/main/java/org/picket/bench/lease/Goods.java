package org.picket.bench.lease;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliedViews;

/// What a crawler and an agent would say of one shard of clean objects, made before the clock runs: their own
/// work is not what is measured.
///
/// @param segments objects in segments of at most 64
/// @param viewsDigest over the digests of all views
/// @param scores of all views
public record Goods(List<List<SuppliedObject>> segments, ByteString viewsDigest, ByteString scores) {
    /// Highest score of a clean object; the policy's threshold is 0.5.
    private static final double CLEAN = 0.25;

    /// Makes them.
    ///
    /// @param concepts scores of a view
    public static Goods of(Random random, int objects, int concepts) {
        List<List<SuppliedObject>> segments = new ArrayList<>();
        ByteBuffer digests = ByteBuffer.allocate(objects * Digest.LENGTH);
        ByteBuffer scores = ByteBuffer.allocate(objects * concepts * Short.BYTES);
        for (int from = 0; from < objects; from += Limits.SEGMENT_OBJECTS) {
            List<SuppliedObject> segment = new ArrayList<>();
            for (int i = from; i < Math.min(objects, from + Limits.SEGMENT_OBJECTS); i++) {
                ByteString view = bytes(random);
                segment.add(object(random, i, view));
                view.copyTo(digests);
                for (int concept = 0; concept < concepts; concept++) {
                    scores.putShort(FixedPoint.of((float) (random.nextDouble() * CLEAN)));
                }
            }
            segments.add(List.copyOf(segment));
        }
        return new Goods(
                List.copyOf(segments),
                Digest.of(ByteString.copyFrom(digests.flip())).bytes(),
                ByteString.copyFrom(scores.flip()));
    }

    private static SuppliedObject object(Random random, int index, ByteString view) {
        return SuppliedObject.newBuilder()
                // Behind the first key of whatever shard it comes to stand for.
                .setKey("-%03d-%016x.jpg".formatted(index, random.nextLong()))
                .setVersion("%x-%x-%x".formatted(random.nextInt(1 << 20), random.nextLong(), random.nextInt(1 << 24)))
                .setBytes(random.nextInt(1 << 20))
                .setModifiedMillis(1_760_000_000_000L + random.nextInt())
                .setSha256(bytes(random))
                .setViews(SuppliedViews.newBuilder().addDigests(view))
                .build();
    }

    private static ByteString bytes(Random random) {
        byte[] bytes = new byte[Digest.LENGTH];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
