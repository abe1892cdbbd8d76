package org.picket.coordinator.lease;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.listing.Listing;
import org.picket.coordinator.policy.Scope;
import org.picket.coordinator.shard.Fence;
import org.picket.coordinator.supply.ContentProbe;
import org.picket.coordinator.supply.FollowUpSupply;
import org.picket.coordinator.supply.Supplied;
import org.picket.coordinator.supply.SuppliedReader;
import org.picket.coordinator.supply.SupplyRules;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.OfferRequest;
import org.picket.proto.v1.OfferResponse;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.ProbeResponse;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ResolveResponse;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.SupplyReport;
import org.picket.proto.v1.SupplyReportResponse;
import org.picket.runtime.channel.Address;
import org.picket.runtime.time.TimeSource;

/// Tells crawlers what a lease is for, and hears from them what became of its objects.
final class SuppliesEndpoint extends SuppliesGrpc.SuppliesImplBase {
    private final Leases leases;
    private final Tickets tickets;
    private final ContentProbe contents;
    private final SuppliedReader reader;
    private final SystemRulings rulings;
    private final Routes routes;
    private final TimeSource time;
    private final TimeSource dated;

    SuppliesEndpoint(
            Leases leases,
            Tickets tickets,
            ContentProbe contents,
            SuppliedReader reader,
            SystemRulings rulings,
            Routes routes,
            TimeSource dated) {
        this.routes = routes;
        this.reader = reader;
        this.leases = leases;
        this.tickets = tickets;
        this.contents = contents;
        this.rulings = rulings;
        this.time = dated.steady();
        this.dated = dated;
    }

    @Override
    public void resolve(ResolveRequest request, StreamObserver<ResolveResponse> observer) {
        Optional<Lease> found = tickets.find(request.getTicket(), leases);
        if (found.isEmpty() && !tickets.genuine(request.getTicket())) {
            throw fault(Status.PERMISSION_DENIED, "not a ticket of this coordinator");
        }
        Lease lease = own(found);
        Listing listing = leases.listing(lease.shard().key().listing())
                .orElseThrow(() -> fault(Status.FAILED_PRECONDITION, "the listing of this lease is over"));
        Scope scope = lease.terms().rules().policy().policy().scope();
        ResolveResponse.Builder response = ResolveResponse.newBuilder()
                .setListingId(listing.id().value())
                .setFirstKey(lease.shard().firstKey())
                .setLastKey(lease.shard().lastKey())
                .setPreprocessing(lease.scoring().preprocessing())
                .setMaxBytes(scope.maxBytes())
                .setMaxPixels(scope.maxPixels())
                .setMaxObjects(lease.shard().trial().take())
                .setListingAge(span(listing.age(dated.now())));
        lease.terms()
                .listsDigest()
                .ifPresent(digest -> response.setListsDigest(digest.bytes())
                        .setListsRevision(lease.terms().matching().revision()));
        listing.scope().since().ifPresent(since -> response.setSince(span(since)));
        lease.lock().lock();
        try {
            // A stream that is opened anew begins behind what is ruled; what was supplied since is supplied again.
            if (lease.ruled() > 0 || lease.supplied() > 0) {
                throw fault(Status.FAILED_PRECONDITION, "the views of this lease were opened before");
            }
            response.setAfterKey(lease.past().afterKey());
            lease.shard()
                    .followUp()
                    .ifPresent(followUp -> response.addAllPicked(
                            FollowUpSupply.left(followUp, lease.past().afterKey())));
        } finally {
            lease.lock().unlock();
        }
        leases.supplied(lease);
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
        if (request.getSha256Count() > Limits.PROBE_HASHES) {
            throw fault(Status.INVALID_ARGUMENT, "a probe asks for at most " + Limits.PROBE_HASHES + " hashes");
        }
        if (request.getSha256List().stream().anyMatch(hash -> hash.size() != Digest.LENGTH)) {
            throw fault(Status.INVALID_ARGUMENT, "a SHA-256 has 32 bytes");
        }
        Lease lease = current(request.getFence(), request.getShardId());
        Map<ByteString, ContentProbe.Known> known = contents.probe(lease.terms(), request.getSha256List());
        locked(lease, () -> {
            if (lease.probed().size() + known.size() > Lease.MOST_UNRULED) {
                throw fault(Status.RESOURCE_EXHAUSTED, "more contents were probed than a lease has objects");
            }
            known.forEach((hash, content) -> lease.probed().put(hash, content.ruling()));
            return lease;
        });
        ProbeResponse.Builder response = ProbeResponse.newBuilder();
        for (ByteString hash : request.getSha256List()) {
            response.addKnown(Optional.ofNullable(known.get(hash))
                    .map(content -> content.matched() ? ProbeResponse.Known.RULED : ProbeResponse.Known.SCORED)
                    .orElse(ProbeResponse.Known.UNKNOWN));
        }
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void report(SupplyReport request, StreamObserver<SupplyReportResponse> observer) {
        if (request.getObjectsCount() > Limits.SEGMENT_OBJECTS) {
            throw fault(Status.INVALID_ARGUMENT, "a segment has at most " + Limits.SEGMENT_OBJECTS + " objects");
        }
        Lease lease = current(request.getFence(), request.getShardId());
        locked(lease, () -> {
            supply(lease, request);
            return lease;
        });
        observer.onNext(SupplyReportResponse.getDefaultInstance());
        observer.onCompleted();
    }

    @Override
    public void offer(OfferRequest request, StreamObserver<OfferResponse> observer) {
        if (request.getStorageId() <= 0) {
            throw fault(Status.INVALID_ARGUMENT, "an offer names a storage");
        }
        switch (routes.offer(
                Member.caller(), new StorageId(request.getStorageId()), request.getIdentity(), address(request))) {
            case TAKEN -> {
                leases.heardOf(new StorageId(request.getStorageId()));
                observer.onNext(OfferResponse.newBuilder()
                        .setAgainWithin(span(Routes.AGAIN_WITHIN))
                        .build());
                observer.onCompleted();
            }
            case NOT_ITS_STORAGE ->
                throw fault(
                        Status.NOT_FOUND, "there is no storage " + request.getStorageId() + " of this crawler's site");
            case TOO_MANY -> throw fault(Status.RESOURCE_EXHAUSTED, "too many storages are offered already");
        }
    }

    private static Address address(OfferRequest request) {
        if (request.getAddress().length() > Address.MOST_LENGTH) {
            throw fault(Status.INVALID_ARGUMENT, "an address has at most " + Address.MOST_LENGTH + " characters");
        }
        try {
            return Address.parse(request.getAddress());
        } catch (IllegalArgumentException e) {
            throw fault(Status.INVALID_ARGUMENT, "the address offered " + e.getMessage());
        }
    }

    /// Takes a report once, however often it comes: a crawler that lost the answer sends it again.
    private void supply(Lease lease, SupplyReport request) {
        if (request.getObjectsCount() == 0 && !request.getLast()) {
            checkNext(lease, request);
            lease.heldUp(time.now());
            return;
        }
        if (!lease.heardLast(request.getFrom() + request.getObjectsCount(), request)) {
            take(lease, request);
        }
        if (lease.exhausted()) {
            finish(lease);
        }
    }

    private static void checkNext(Lease lease, SupplyReport request) {
        if (lease.last() || request.getFrom() != lease.supplied()) {
            throw fault(
                    Status.FAILED_PRECONDITION,
                    "the next object of this lease is number " + lease.supplied()
                            + (lease.last() ? ", and it has no more" : ""));
        }
    }

    private void take(Lease lease, SupplyReport request) {
        checkNext(lease, request);
        if (lease.unruled() + request.getObjectsCount() > Lease.MOST_UNRULED) {
            throw fault(Status.RESOURCE_EXHAUSTED, "too many objects of this lease wait for their verdict");
        }
        lease.shard()
                .followUp()
                .map(followUp -> FollowUpSupply.fault(followUp, lease.lastKey(), request))
                .orElseGet(() -> SupplyRules.fault(lease.shard(), lease.lastKey(), request))
                .ifPresent(why -> {
                    throw fault(Status.INVALID_ARGUMENT, why);
                });
        List<Supplied> objects = new ArrayList<>(request.getObjectsCount());
        for (SuppliedObject object : request.getObjectsList()) {
            objects.add(reader.read(
                            lease.terms(),
                            object,
                            Optional.ofNullable(lease.probed().get(object.getSha256())))
                    .orElseThrow(() -> fault(
                            Status.INVALID_ARGUMENT,
                            "object " + objects.size() + " of the segment is malformed, was not probed as known, or is"
                                    + " on no list that is in force")));
        }
        lease.supply(objects, request.getLast(), request, time.now());
    }

    /// Ends a lease that has nothing left to rule. Where that fails, the repeated report tries again.
    private void finish(Lease lease) {
        boolean endsShard = lease.endsShard();
        if (!rulings.finish(lease)) {
            leases.lose(lease, LeaseEnd.SUPERSEDED);
            throw fault(Status.FAILED_PRECONDITION, "the lease is no longer current");
        }
        leases.over(lease, LeaseEnd.COMPLETE);
        if (!endsShard) {
            leases.opened(lease.shard(), false);
        }
    }

    private Lease current(org.picket.proto.v1.Fence wire, long shard) {
        Lease lease = own(Fence.of(wire).flatMap(leases::find));
        if (shard <= 0 || !lease.shard().key().id().equals(new ShardId(shard))) {
            throw fault(Status.FAILED_PRECONDITION, "this lease is of another shard");
        }
        return lease;
    }

    private static Lease own(Optional<Lease> found) {
        Lease lease = found.orElseThrow(() -> fault(Status.FAILED_PRECONDITION, "the lease is no longer current"));
        if (!lease.terms().owner().equals(Member.caller().owner())) {
            throw fault(Status.PERMISSION_DENIED, "the lease is of another site's storage");
        }
        return lease;
    }

    private static <T> T locked(Lease lease, Supplier<T> work) {
        lease.lock().lock();
        try {
            if (lease.end().isPresent()) {
                throw fault(Status.FAILED_PRECONDITION, "the lease is no longer current");
            }
            return work.get();
        } finally {
            lease.lock().unlock();
        }
    }

    private static Span span(Duration duration) {
        return Span.newBuilder().setMilliseconds(duration.toMillis()).build();
    }

    private static StatusRuntimeException fault(Status status, String why) {
        return status.withDescription(why).asRuntimeException();
    }
}
