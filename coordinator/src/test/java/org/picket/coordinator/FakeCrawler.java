package org.picket.coordinator;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.BeginListingResponse;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.Inconclusive;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.ProbeResponse;
import org.picket.proto.v1.PushRangesRequest;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ResolveResponse;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliedViews;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.SupplyReport;

/// A crawler that speaks the contract over a storage in memory.
final class FakeCrawler {
    /// What it says that its storage is; empty: nothing, as crawlers of an earlier version.
    String identity = "";

    /// What it says that the coordinator has.
    String acknowledged = "";

    final NavigableMap<String, Item> items = new TreeMap<>(String::compareTo);
    final long storage;
    List<String> unlistable = List.of();
    int fetched;

    private final ListingsGrpc.ListingsBlockingStub listings;
    private final SuppliesGrpc.SuppliesBlockingStub supplies;

    /// What an agent gets of a segment.
    ///
    /// @param views digest and score of each view
    record Segment(int from, int to, List<Item> views) {}

    FakeCrawler(Channel channel, long storage) {
        this.storage = storage;
        listings = ListingsGrpc.newBlockingStub(channel);
        supplies = SuppliesGrpc.newBlockingStub(channel);
    }

    void put(Item item) {
        items.put(item.key(), item);
    }

    BeginListingResponse begin() {
        return listings.begin(BeginListingRequest.newBuilder()
                .setStorageId(storage)
                .setIdentity(identity)
                .build());
    }

    /// Lists the whole storage.
    ///
    /// @return the listing
    long list() {
        return list(begin());
    }

    /// Lists what was modified within a span: all that is there.
    long list(Duration since) {
        return list(listings.begin(BeginListingRequest.newBuilder()
                .setStorageId(storage)
                .setSince(Span.newBuilder().setMilliseconds(since.toMillis()))
                .build()));
    }

    private long list(BeginListingResponse begun) {
        if (!begun.getFinished()) {
            push(begun.getListingId(), ranges(begun.getAfterKey()));
            finish(begun.getListingId());
        }
        return begun.getListingId();
    }

    long push(long listing, List<ObjectRange> ranges) {
        long known = 0;
        for (int at = 0; at < ranges.size(); at += Limits.PUSH_RANGES) {
            known += listings.push(PushRangesRequest.newBuilder()
                            .setListingId(listing)
                            .setIdentity(identity)
                            .setAfterKey(acknowledged)
                            .addAllRanges(ranges.subList(at, Math.min(ranges.size(), at + Limits.PUSH_RANGES)))
                            .build())
                    .getKnownObjects();
        }
        return known;
    }

    void finish(long listing) {
        listings.finish(FinishListingRequest.newBuilder()
                .setListingId(listing)
                .setIdentity(identity)
                .setAfterKey(acknowledged)
                .addAllUnlistable(unlistable)
                .setUnlistableTotal(unlistable.size())
                .build());
    }

    List<ObjectRange> ranges(String afterKey) {
        List<ObjectRange> ranges = new ArrayList<>();
        List<Item> open = new ArrayList<>();
        for (Item item : items.tailMap(afterKey, false).values()) {
            open.add(item);
            byte[] hash = Digest.of(ByteString.copyFromUtf8(item.key())).toByteArray();
            if ((hash[hash.length - 1] & 63) == 0 || open.size() == Limits.RANGE_OBJECTS) {
                ranges.add(range(open));
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            ranges.add(range(open));
        }
        return ranges;
    }

    private static ObjectRange range(List<Item> items) {
        MessageDigest digest = Digest.sha256();
        for (Item item : items) {
            digest.update((item.key() + "\0" + item.version() + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return ObjectRange.newBuilder()
                .setFirstKey(items.getFirst().key())
                .setLastKey(items.getLast().key())
                .setObjects(items.size())
                .setBytes(items.stream()
                        .mapToLong(item -> item.content().length())
                        .sum())
                .setDigest(ByteString.copyFrom(digest.digest(), 0, 16))
                .build();
    }

    ResolveResponse resolve(Grant grant) {
        return supplies.resolve(
                ResolveRequest.newBuilder().setTicket(grant.getTicket()).build());
    }

    /// Supplies a whole lease, and tells what its agent gets.
    List<Segment> supply(Grant grant) {
        return supply(grant, Limits.SEGMENT_OBJECTS);
    }

    List<Segment> supply(Grant grant, int segmentObjects) {
        List<Item> leased = leased(resolve(grant));
        List<Segment> segments = new ArrayList<>();
        if (leased.isEmpty()) {
            report(grant, 0, List.of(), true);
        }
        for (int from = 0; from < leased.size(); from += segmentObjects) {
            List<Item> part = leased.subList(from, Math.min(leased.size(), from + segmentObjects));
            segments.add(segment(grant, from, part, from + part.size() == leased.size()));
        }
        return segments;
    }

    List<Item> leased(ResolveResponse range) {
        NavigableMap<String, Item> part = range.getAfterKey().isEmpty()
                ? items.subMap(range.getFirstKey(), true, range.getLastKey(), true)
                : items.subMap(range.getAfterKey(), false, range.getLastKey(), true);
        int most = range.getMaxObjects() == 0 ? Integer.MAX_VALUE : range.getMaxObjects();
        Set<String> picked = Set.copyOf(range.getPickedList());
        return part.values().stream()
                .filter(item -> picked.isEmpty() || picked.contains(item.key()))
                .limit(most)
                .toList();
    }

    Segment segment(Grant grant, int from, List<Item> part, boolean last) {
        fetched += part.size();
        List<ProbeResponse.Known> known = supplies.probe(ProbeRequest.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(grant.getShardId())
                        .addAllSha256(
                                part.stream().map(item -> item.sha256().bytes()).toList())
                        .build())
                .getKnownList();
        List<SuppliedObject> objects = new ArrayList<>();
        List<Item> views = new ArrayList<>();
        for (int i = 0; i < part.size(); i++) {
            Item item = part.get(i);
            SuppliedObject.Builder object = SuppliedObject.newBuilder()
                    .setKey(item.key())
                    .setVersion(item.version())
                    .setBytes(item.content().length())
                    .setSha256(item.sha256().bytes());
            if (known.get(i) == ProbeResponse.Known.RULED) {
                object.setKnown(true);
            } else if (item.trouble().isPresent()) {
                object.setInconclusive(
                        Inconclusive.newBuilder().setReason(item.trouble().get()));
            } else {
                object.setViews(SuppliedViews.newBuilder().addDigests(item.view()));
                views.add(item);
            }
            objects.add(object.build());
        }
        report(grant, from, objects, last);
        return new Segment(from, from + part.size(), views);
    }

    void report(Grant grant, int from, List<SuppliedObject> objects, boolean last) {
        supplies.report(SupplyReport.newBuilder()
                .setFence(grant.getFence())
                .setShardId(grant.getShardId())
                .setFrom(from)
                .addAllObjects(objects)
                .setLast(last)
                .build());
    }
}
