package org.picket.bench.lease;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.ListingsGrpc.ListingsBlockingStub;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.PushRangesRequest;

/// Listings of storages that hold nothing but numbers: ranges of objects in key order.
public final class Shelf {
    /// Objects of a range, as they are cut on average.
    private static final int RANGE_OBJECTS = 64;

    private final ListingsBlockingStub listings;

    /// @param listings as a crawler
    public Shelf(ListingsBlockingStub listings) {
        this.listings = listings;
    }

    /// Lists a storage whose shards will have that many objects; the first three may have fewer.
    ///
    /// @param shards about so many
    /// @return the listing
    public long list(StorageId storage, int shards, int objects) {
        long listing = listings.begin(BeginListingRequest.newBuilder()
                        .setStorageId(storage.value())
                        .build())
                .getListingId();
        int range = Math.min(RANGE_OBJECTS, objects);
        int ranges = shards * (objects / range);
        // Ranges of one push are joined to shards as large as the agents' pace allows: here, as may be.
        int push = objects < Limits.SHARD_OBJECTS ? Math.max(1, objects / range) : Limits.PUSH_RANGES;
        for (int from = 0; from < ranges; from += push) {
            List<ObjectRange> page = new ArrayList<>(push);
            for (int i = from; i < Math.min(ranges, from + push); i++) {
                page.add(range(storage, i, range));
            }
            listings.push(PushRangesRequest.newBuilder()
                    .setListingId(listing)
                    .addAllRanges(page)
                    .build());
        }
        listings.finish(FinishListingRequest.newBuilder().setListingId(listing).build());
        return listing;
    }

    private static ObjectRange range(StorageId storage, int number, int objects) {
        String prefix = "%02x/%02x/%08d".formatted(number >> 16 & 0xff, number >> 8 & 0xff, number);
        return ObjectRange.newBuilder()
                .setFirstKey(prefix + "-000.jpg")
                .setLastKey(prefix + "-063.jpg")
                .setObjects(objects)
                .setBytes(300_000L * objects)
                .setDigest(Digest.of(ByteString.copyFromUtf8(storage + "/" + number))
                        .bytes()
                        .substring(0, 16))
                .build();
    }
}
