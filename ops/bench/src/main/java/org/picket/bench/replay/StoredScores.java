package org.picket.bench.replay;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.ruling.ScoreBlock;
import org.picket.coordinator.shard.ShardKey;
import org.picket.coordinator.shard.ShardStore;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.StorageMode;
import org.picket.coordinator.site.TermsText;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.SiteId;
import org.picket.proto.limit.FixedPoint;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;

/// A listing whose scores are kept, as a scan leaves it: blocks of 64 objects, one view each, 64 scores that look
/// like those of a picture encoder (most low and near each other).
final class StoredScores {
    static final int CONCEPTS = 64;

    private static final int BLOCK_OBJECTS = 64;
    private static final int BLOCKS_A_TRANSACTION = 64;
    private static final String STORAGE = "folder:/bench";

    private StoredScores() {}

    /// What was stored.
    ///
    /// @param bytes of all blocks
    record Filled(long bytes) {}

    static Filled fill(Database database, int objects) {
        putTerms(database, BenchRules.SMALL.text(1));
        ListingId listing = database.transaction(handle -> {
            ListingId id = new ListingId(handle.createQuery("""
                            insert into listing (storage_id, policy_epoch, since_millis, started_at, state, listed)
                            select storage_id, policy_epoch, -1, :now, 2, :objects from storage_terms returning id
                            """)
                    .bind("now", database.clock().now())
                    .bind("objects", objects)
                    .mapTo(Long.class)
                    .one());
            ShardStore.createPartitions(handle, id);
            return id;
        });
        SplittableRandom random = new SplittableRandom(1);
        long bytes = 0;
        int done = 0;
        int number = 0;
        while (done < objects) {
            List<ShardStore.Scores> blocks = new ArrayList<>();
            while (done < objects && blocks.size() < BLOCKS_A_TRANSACTION) {
                int count = Math.min(BLOCK_OBJECTS, objects - done);
                byte[] block = block(random, count);
                bytes += block.length;
                blocks.add(new ShardStore.Scores(new ShardKey(listing, ++number), 0, block));
                done += count;
            }
            database.useTransaction(handle -> ShardStore.addScores(handle, blocks));
        }
        return new Filled(bytes);
    }

    private static byte[] block(SplittableRandom random, int objects) {
        short[] scores = new short[objects * CONCEPTS];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = FixedPoint.of((float) random.nextGaussian(0.15, 0.1));
        }
        long[] tags = random.longs(objects).toArray();
        int[] views = IntStream.range(0, objects).map(_ -> 1).toArray();
        return new ScoreBlock(CONCEPTS, tags, views, scores).encode();
    }

    /// Puts a policy in force, and its epoch in place of that of the listing.
    static void putTerms(Database database, String policy) {
        ByteString manifest = BundleManifest.newBuilder()
                .setName("bench")
                .setViewSize(224)
                .setPreprocessingVersion(1)
                .addAllConcepts(
                        IntStream.range(0, CONCEPTS).mapToObj(i -> "c" + i).toList())
                .build()
                .toByteString();
        Sites sites = new Sites();
        database.useTransaction(handle -> {
            SiteId site = sites.site(handle, "bench", database.clock().now()).id();
            switch (sites.register(
                    handle,
                    site,
                    STORAGE,
                    new TermsText(StorageMode.OBSERVE, policy, manifest),
                    database.clock().now())) {
                case Sites.Registered.Refused(List<String> faults) ->
                    throw new IllegalStateException(faults.toString());
                case Sites.Registered.Done done -> {
                    Digest epoch = done.terms().epoch();
                    handle.createUpdate("update listing set policy_epoch = :epoch")
                            .bind("epoch", epoch.toByteArray())
                            .execute();
                }
            }
        });
    }
}
