package org.picket.coordinator.listing;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.finding.UnlistableEntries;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.hashlist.ListStamp;
import org.picket.coordinator.shard.KeyRange;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.BeginListingResponse;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.FinishListingResponse;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.ObjectRange;
import org.picket.proto.v1.PushRangesRequest;
import org.picket.proto.v1.PushRangesResponse;
import org.picket.proto.v1.Span;
import org.picket.runtime.time.TimeSource;

/// Takes what crawlers list.
final class ListingsEndpoint extends ListingsGrpc.ListingsImplBase {
    /// No storage has so many entries; sums of counts stay far from their bound.
    private static final long MOST_UNLISTABLE = 1_000_000_000_000L;

    private final Listings listings;
    private final StorageDirectory storages;
    private final TimeSource time;

    ListingsEndpoint(Listings listings, StorageDirectory storages, TimeSource time) {
        this.listings = listings;
        this.storages = storages;
        this.time = time;
    }

    @Override
    public void begin(BeginListingRequest request, StreamObserver<BeginListingResponse> observer) {
        StorageTerms terms = own(request.getStorageId(), request.getIdentity());
        Optional<Duration> since = request.hasSince()
                ? Optional.of(Duration.ofMillis(request.getSince().getMilliseconds()))
                : Optional.empty();
        if (since.isPresent() && since.get().isNegative()) {
            throw fault(Status.INVALID_ARGUMENT, "since is a span back from now, so not negative");
        }
        Listings.Begun begun = listings.begin(terms, since);
        Listing listing = begun.listing();
        observer.onNext(BeginListingResponse.newBuilder()
                .setListingId(listing.id().value())
                .setAfterKey(listing.intake().cursorKey())
                .setResumed(begun.resumed())
                .setFinished(listing.state() != ListingState.LISTING)
                .setAge(Span.newBuilder()
                        .setMilliseconds(listing.age(time.now()).toMillis()))
                .build());
        observer.onCompleted();
    }

    @Override
    public void push(PushRangesRequest request, StreamObserver<PushRangesResponse> observer) {
        Listing listing = listing(request.getListingId(), request.getIdentity(), request.getAfterKey());
        ListStamp lists = own(listing.storage().value(), "").matching().lists();
        if (request.getRangesCount() > Limits.PUSH_RANGES) {
            throw fault(Status.INVALID_ARGUMENT, "a push holds at most " + Limits.PUSH_RANGES + " ranges");
        }
        if (request.getRangesCount() == 0) {
            answer(observer, 0);
            return;
        }
        switch (listings.push(listing.id(), ranges(request.getRangesList()), lists)) {
            case Listings.Pushed.Added(long known) -> answer(observer, known);
            case Listings.Pushed.Refused(String why) -> throw fault(Status.FAILED_PRECONDITION, why);
        }
    }

    private static void answer(StreamObserver<PushRangesResponse> observer, long known) {
        observer.onNext(PushRangesResponse.newBuilder().setKnownObjects(known).build());
        observer.onCompleted();
    }

    @Override
    public void finish(FinishListingRequest request, StreamObserver<FinishListingResponse> observer) {
        ListingId id = listing(request.getListingId(), request.getIdentity(), request.getAfterKey())
                .id();
        List<String> named = request.getUnlistableList().stream()
                .limit(UnlistableEntries.NAMED)
                .map(path -> path.replace('\0', '?'))
                .toList();
        long total = Math.clamp(request.getUnlistableTotal(), named.size(), MOST_UNLISTABLE);
        if (listings.finish(id, named, total).isEmpty()) {
            throw fault(Status.FAILED_PRECONDITION, "listing " + id + " was given up for a newer one");
        }
        observer.onNext(FinishListingResponse.getDefaultInstance());
        observer.onCompleted();
    }

    /// The listing of a call that goes on with it.
    ///
    /// @param identity that its storage is to have; empty: not said
    /// @param after as much as was acknowledged to the caller; empty: nothing
    private Listing listing(long id, String identity, String after) {
        Listing listing = Optional.of(id)
                .filter(value -> value > 0)
                .map(ListingId::new)
                .flatMap(listings::find)
                .orElseThrow(() -> fault(Status.FAILED_PRECONDITION, "there is no listing " + id));
        own(listing.storage().value(), identity);
        if (!after.isEmpty() && KeyOrder.compare(listing.intake().cursorKey(), after) < 0) {
            throw fault(
                    Status.FAILED_PRECONDITION,
                    "listing " + id
                            + " has not all any more that was pushed: the coordinator was set back; begin anew");
        }
        return listing;
    }

    /// @param identity which it is to have; empty: not said. Whoever says one does not learn whether another site's is
    /// that
    private StorageTerms own(long storage, String identity) {
        Optional<StorageTerms> found = Optional.of(storage)
                .filter(value -> value > 0)
                .map(StorageId::new)
                .flatMap(id -> storages.find(id, identity));
        Optional<StorageTerms> own =
                found.filter(terms -> terms.owner().equals(Member.caller().owner()));
        if (!identity.isEmpty()) {
            return own.orElseThrow(
                    () -> fault(Status.NOT_FOUND, "storage " + storage + " is not registered as this one"));
        }
        if (found.isEmpty()) {
            throw fault(Status.FAILED_PRECONDITION, "storage " + storage + " is not registered");
        }
        return own.orElseThrow(() -> fault(Status.PERMISSION_DENIED, "storage " + storage + " is another site's"));
    }

    private static List<KeyRange> ranges(List<ObjectRange> wire) {
        List<KeyRange> ranges = new ArrayList<>(wire.size());
        try {
            for (ObjectRange range : wire) {
                ranges.add(new KeyRange(
                        range.getFirstKey(),
                        range.getLastKey(),
                        range.getObjects(),
                        range.getBytes(),
                        range.getDigest()));
                if (range.getObjects() > Limits.RANGE_OBJECTS) {
                    throw new IllegalArgumentException("a range holds at most " + Limits.RANGE_OBJECTS + " objects");
                }
            }
        } catch (IllegalArgumentException e) {
            throw fault(Status.INVALID_ARGUMENT, e.getMessage());
        }
        return ranges;
    }

    private static StatusRuntimeException fault(Status status, String why) {
        return status.withDescription(why).asRuntimeException();
    }
}
