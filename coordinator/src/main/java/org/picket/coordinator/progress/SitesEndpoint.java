package org.picket.coordinator.progress;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.site.Sites;
import org.picket.coordinator.site.StorageMode;
import org.picket.coordinator.site.Terms;
import org.picket.coordinator.site.TermsText;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.SiteId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.EpochRecord;
import org.picket.proto.v1.LedgerBody;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.ListStoragesResponse;
import org.picket.proto.v1.Mode;
import org.picket.proto.v1.RegisterStorageRequest;
import org.picket.proto.v1.RegisterStorageResponse;
import org.picket.proto.v1.ScanProgress;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.Storage;
import org.picket.proto.v1.WatchScanRequest;

/// Storages and their scans, for administrators of their site.
final class SitesEndpoint extends SitesGrpc.SitesImplBase {
    /// Between two looks at a scan: five a second at first, then as rarely as a hundred times over what it took
    /// so far, but one a second.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int LOOKS = 100;

    private final ProgressParts parts;
    private final IntSupplier sentOn;
    private final ScanWatch watch;

    /// @param sentOn another number each time that those who watch are to go on elsewhere
    SitesEndpoint(ProgressParts parts, IntSupplier sentOn) {
        this.parts = parts;
        this.sentOn = sentOn;
        this.watch = new ScanWatch(parts.database(), parts.scans(), parts.findings(), parts.removals());
    }

    @Override
    public void register(RegisterStorageRequest request, StreamObserver<RegisterStorageResponse> answer) {
        Optional<StorageMode> mode = mode(request.getMode());
        if (mode.isEmpty()) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a storage's mode is OBSERVE, QUARANTINE_FLAGGED or DELETE_FLAGGED")
                    .asRuntimeException());
            return;
        }
        if (request.getFurtherManifestsCount() > Limits.FURTHER_BUNDLES) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a storage has at most " + Limits.FURTHER_BUNDLES + " further bundles")
                    .asRuntimeException());
            return;
        }
        SiteId site = parts.access().callerSite();
        TermsText text = new TermsText(
                mode.get(),
                request.getPolicyText(),
                request.getBundleManifest(),
                request.getFurtherManifestsList(),
                circle(request));
        Sites.Registered registered = parts.database().transaction(handle -> {
            boolean said = request.hasCircle() && !request.getCircleOfInvite();
            List<String> missing = said ? List.of() : circleMissing(handle, site, request);
            if (!missing.isEmpty()) {
                return new Sites.Registered.Refused(missing);
            }
            Sites.Registered done = parts.sites()
                    .register(
                            handle,
                            site,
                            request.getIdentity(),
                            text,
                            parts.time().now());
            if (done instanceof Sites.Registered.Done(var storage, var terms, var changed) && changed) {
                parts.ledger().append(handle, List.of(record(storage.id().value(), terms)));
            }
            return done;
        });
        switch (registered) {
            case Sites.Registered.Refused(List<String> faults) ->
                answer.onError(Status.INVALID_ARGUMENT
                        .withDescription(String.join("\n", faults))
                        .asRuntimeException());
            case Sites.Registered.Done done -> {
                parts.storages().forget(done.storage().id());
                answer.onNext(RegisterStorageResponse.newBuilder()
                        .setStorageId(done.storage().id().value())
                        .setPolicyEpoch(done.terms().epoch().bytes())
                        .setSite(parts.database()
                                .read(handle -> parts.sites().name(handle, site))
                                .orElse(""))
                        .build());
                answer.onCompleted();
            }
        }
    }

    private List<String> circleMissing(Handle handle, SiteId site, RegisterStorageRequest request) {
        return parts.sites()
                .circleMissing(
                        handle,
                        site,
                        request.getIdentity(),
                        request.hasCircle() ? circle(request) : Circle.EVERYONE,
                        parts.access().callerCircle());
    }

    private static Circle circle(RegisterStorageRequest request) {
        try {
            return request.hasCircle() ? Circle.of(request.getCircle()) : Circle.EVERYONE;
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("the circle: " + e.getMessage())
                    .asRuntimeException();
        }
    }

    @Override
    public void storages(ListStoragesRequest request, StreamObserver<ListStoragesResponse> answer) {
        SiteId site = parts.access().callerSite();
        ListStoragesResponse response = parts.database().read(handle -> {
            ListStoragesResponse.Builder rows = ListStoragesResponse.newBuilder();
            parts.sites().storages(handle, site).forEach(storage -> rows.addStorages(row(handle, storage)));
            return rows.build();
        });
        answer.onNext(response);
        answer.onCompleted();
    }

    /// Holds its thread until the scan is over or the caller is gone; slow callers miss states, never the last
    /// one. Where this coordinator goes away, it ends with UNAVAILABLE: any other can be asked.
    @Override
    public void watch(WatchScanRequest request, StreamObserver<ScanProgress> answer) {
        if (request.getListingId() <= 0) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a watch names a listing")
                    .asRuntimeException());
            return;
        }
        ListingId listing = new ListingId(request.getListingId());
        ServerCallStreamObserver<ScanProgress> stream = (ServerCallStreamObserver<ScanProgress>) answer;
        Optional<ScanProgress> sent = Optional.empty();
        long begun = System.nanoTime();
        int turn = sentOn.getAsInt();
        while (!Context.current().isCancelled()) {
            Optional<Scan> scan = watch.scan(listing).filter(this::own);
            if (scan.isEmpty()) {
                answer.onError(Status.NOT_FOUND
                        .withDescription("there is no listing " + listing + " at this site")
                        .asRuntimeException());
                return;
            }
            ScanProgress progress = watch.look(listing, scan.get());
            boolean changed = !sent.equals(Optional.of(progress));
            if (changed && (stream.isReady() || progress.getComplete())) {
                stream.onNext(progress);
                sent = Optional.of(progress);
            }
            if (progress.getComplete()) {
                stream.onCompleted();
                return;
            }
            long pause = (System.nanoTime() - begun) / LOOKS;
            LockSupport.parkNanos(Math.clamp(pause, FIRST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
            if (Thread.interrupted() || sentOn.getAsInt() != turn) {
                answer.onError(Status.UNAVAILABLE
                        .withDescription("the coordinator is shutting down")
                        .asRuntimeException());
                return;
            }
        }
    }

    private boolean own(Scan scan) {
        return parts.storages()
                .find(scan.storage())
                .filter(live -> live.storage().site().equals(parts.access().callerSite()))
                .isPresent();
    }

    private Storage row(Handle handle, org.picket.coordinator.site.Storage storage) {
        Storage.Builder row = Storage.newBuilder()
                .setStorageId(storage.id().value())
                .setIdentity(storage.identity())
                .setOrdersOpen(parts.removals().openOrders(handle, storage.id()));
        parts.sites().terms(handle, storage.id()).ifPresent(text -> {
            row.setMode(wire(text.mode()));
            text.circle().wire().ifPresent(row::setCircle);
        });
        return row.build();
    }

    private LedgerBody record(long storage, Terms terms) {
        return LedgerBody.newBuilder()
                .setEpoch(EpochRecord.newBuilder()
                        .setStorageId(storage)
                        .setPolicyEpoch(terms.epoch().bytes())
                        .setPolicyDigest(terms.policy().policy().digest().bytes())
                        .setBundleDigest(terms.scoring().bundle().bytes())
                        .setPreprocessingDigest(
                                terms.scoring().preprocessingDigest().bytes())
                        .setMode(wire(terms.mode()))
                        .setCircleDigest(terms.circle()
                                .wire()
                                .map(circle -> commitment(storage, circle.toByteString()))
                                .orElse(ByteString.EMPTY))
                        .addAllFurtherBundleDigests(terms.policy().further().stream()
                                .map(further -> further.scoring().bundle().bytes())
                                .toList()))
                .build();
    }

    /// Everybody reads the ledger, and circles are few and short enough to be guessed.
    private ByteString commitment(long storage, ByteString circle) {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(storage).flip();
        return Digest.of(parts.salt().concat(ByteString.copyFrom(number)).concat(circle))
                .bytes();
    }

    private static Optional<StorageMode> mode(Mode wire) {
        return switch (wire) {
            case OBSERVE -> Optional.of(StorageMode.OBSERVE);
            case QUARANTINE_FLAGGED -> Optional.of(StorageMode.QUARANTINE);
            case DELETE_FLAGGED -> Optional.of(StorageMode.DELETE);
            case MODE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Mode wire(StorageMode mode) {
        return switch (mode) {
            case OBSERVE -> Mode.OBSERVE;
            case QUARANTINE -> Mode.QUARANTINE_FLAGGED;
            case DELETE -> Mode.DELETE_FLAGGED;
        };
    }
}
