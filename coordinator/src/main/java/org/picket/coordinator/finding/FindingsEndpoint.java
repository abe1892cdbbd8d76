package org.picket.coordinator.finding;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.PersonName;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.EnforceModeRequest;
import org.picket.proto.v1.EnforceModeResponse;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnforceResponse;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListFindingsResponse;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.ReleaseResponse;
import org.picket.proto.v1.RemovalAction;
import org.picket.runtime.time.TimeSource;

/// Findings, for administrators of their site.
final class FindingsEndpoint extends FindingsGrpc.FindingsImplBase {
    /// What rows of one page may take, so that the page stays within a message.
    private static final int PAGE_BYTES = Limits.MESSAGE_BYTES / 2;

    private final Findings findings;
    private final Database database;
    private final TimeSource time;
    private final AdministratorAccess access;
    private final FindingsObserver observer;

    FindingsEndpoint(
            Findings findings,
            Database database,
            TimeSource time,
            AdministratorAccess access,
            FindingsObserver observer) {
        this.findings = findings;
        this.database = database;
        this.time = time;
        this.access = access;
        this.observer = observer;
    }

    @Override
    public void list(ListFindingsRequest request, StreamObserver<ListFindingsResponse> answer) {
        List<Long> ids = request.getFindingIdsList();
        if (tooMany(ids) || (request.getInconclusive() && !ids.isEmpty())) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a page names at most " + Limits.FINDINGS_PAGE
                            + " findings by their positive ids, and no inconclusive objects")
                    .asRuntimeException());
            return;
        }
        ListFindingsResponse page = database.read(handle -> {
            Map<StorageId, String> storages = storages(handle, request.getStorageId());
            ListFindingsResponse.Builder rows = ListFindingsResponse.newBuilder();
            int bytes = 0;
            for (Finding row : rows(handle, request, storages)) {
                bytes += row.getSerializedSize();
                if (bytes > PAGE_BYTES && rows.getFindingsCount() > 0) {
                    break;
                }
                rows.addFindings(row);
            }
            return rows.build();
        });
        answer.onNext(page);
        answer.onCompleted();
    }

    @Override
    public void enforce(EnforceRequest request, StreamObserver<EnforceResponse> answer) {
        Optional<Removal> removal = removal(request.getAction());
        if (removal.isEmpty() || tooMany(request.getFindingIdsList())) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("enforcing takes QUARANTINE or PURGE, and at most " + Limits.FINDINGS_PAGE
                            + " findings by their positive ids")
                    .asRuntimeException());
            return;
        }
        Authority.Person person = person(request.getAuthorisedBy());
        long ordered = 0;
        long after = 0;
        while (true) {
            long from = after;
            Enforced enforced = database.transaction(handle -> enforce(handle, request, from, removal.get(), person));
            Optional<Status> fault = fault(enforced);
            if (fault.isPresent()) {
                answer.onError(fault.get().asRuntimeException());
                return;
            }
            if (!(enforced instanceof Enforced.Done done)) {
                throw new IllegalStateException("what is no fault is done");
            }
            ordered += done.orders();
            after = done.lastId();
            if (request.getFindingIdsCount() > 0 || !done.more()) {
                break;
            }
        }
        if (ordered > 0) {
            observer.ordersWritten();
        }
        answer.onNext(EnforceResponse.newBuilder().setOrdered(ordered).build());
        answer.onCompleted();
    }

    private Enforced enforce(
            Handle handle, EnforceRequest request, long after, Removal removal, Authority.Person person) {
        Set<StorageId> storages = storages(handle, request.getStorageId()).keySet();
        if (request.getFindingIdsCount() == 0) {
            return findings.enforceNext(handle, storages, after, removal, person, time.now());
        }
        List<FindingId> ids = request.getFindingIdsList().stream()
                .distinct()
                .map(FindingId::new)
                .toList();
        return findings.enforce(handle, storages, ids, removal, person, time.now());
    }

    @Override
    public void enforceMode(EnforceModeRequest request, StreamObserver<EnforceModeResponse> answer) {
        if (request.getAfterId() < 0) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a page begins after a finding's id, or after 0")
                    .asRuntimeException());
            return;
        }
        StorageId storage = new StorageId(Math.max(1, request.getStorageId()));
        Optional<ModeTerms> terms = request.getStorageId() > 0 ? access.callerTerms(storage) : Optional.empty();
        if (terms.isEmpty()) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("there is no storage " + request.getStorageId() + " at this site")
                    .asRuntimeException());
            return;
        }
        ModeOrders.Page page = database.transaction(
                handle -> findings.enforceMode(handle, storage, terms.get(), request.getAfterId(), time.now()));
        if (!page.ordered().isEmpty()) {
            observer.ordersWritten();
        }
        answer.onNext(EnforceModeResponse.newBuilder()
                .addAllOrdered(page.ordered().stream().map(FindingId::value).toList())
                .addAllHeld(page.held().stream().map(FindingId::value).toList())
                .setNextAfterId(page.next())
                .build());
        answer.onCompleted();
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> answer) {
        if (request.getFindingId() <= 0) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("a release names one finding")
                    .asRuntimeException());
            return;
        }
        FindingId id = new FindingId(request.getFindingId());
        Authority.Person person = person(request.getAuthorisedBy());
        record Released(Enforced enforced, Set<StorageId> storages) {}
        Released released = database.transaction(handle -> {
            Set<StorageId> storages = access.callerStorages(handle).keySet();
            boolean own =
                    !PostgresFindings.locked(handle, storages, List.of(id)).isEmpty();
            return new Released(
                    own ? findings.release(handle, id, person, time.now()) : new Enforced.Unknown(id), storages);
        });
        Optional<Status> fault = fault(released.enforced());
        if (fault.isPresent()) {
            answer.onError(fault.get().asRuntimeException());
            return;
        }
        observer.allowed(released.storages());
        observer.ordersWritten();
        answer.onNext(ReleaseResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private List<Finding> rows(Handle handle, ListFindingsRequest request, Map<StorageId, String> storages) {
        if (request.getInconclusive()) {
            return PostgresInconclusive.page(handle, storages.keySet(), request.getAfterId(), Limits.FINDINGS_PAGE)
                    .stream()
                    .map(row -> row(row, storages))
                    .toList();
        }
        List<StoredFinding> page = request.getFindingIdsCount() == 0
                ? PostgresFindings.page(handle, storages.keySet(), request.getAfterId(), Limits.FINDINGS_PAGE)
                : PostgresFindings.page(handle, storages.keySet(), request.getAfterId(), request.getFindingIdsList());
        Map<FindingId, String> inconclusive = PostgresInconclusive.at(handle, page);
        return page.stream()
                .map(finding -> row(finding, storages).toBuilder()
                        .setInconclusive(inconclusive.getOrDefault(finding.id(), ""))
                        .build())
                .toList();
    }

    private static Finding row(StoredFinding finding, Map<StorageId, String> storages) {
        return Finding.newBuilder()
                .setId(finding.id().value())
                .setStorageId(finding.storage().value())
                .setStorageIdentity(storages.getOrDefault(finding.storage(), ""))
                .setKey(finding.object().key())
                .setBytes(finding.object().bytes())
                .setModifiedMillis(finding.object().modified().toEpochMilli())
                .setSha256(finding.sha256().bytes())
                .setCategory(finding.ruling().category())
                .setRuleId(finding.ruling().ruleId())
                .addAllScores(BasisBytes.wire(finding.ruling().basis()))
                .setBasis(BasisBytes.words(finding.ruling().by()))
                .setState(finding.state().name())
                .setStateDetail(finding.state().detail())
                .build();
    }

    private static Finding row(PostgresInconclusive.Row row, Map<StorageId, String> storages) {
        InconclusiveObject one = row.object();
        return Finding.newBuilder()
                .setId(row.id())
                .setStorageId(row.storage().value())
                .setStorageIdentity(storages.getOrDefault(row.storage(), ""))
                .setKey(one.object().key())
                .setBytes(one.object().bytes())
                .setModifiedMillis(one.object().modified().toEpochMilli())
                .setSha256(ByteString.EMPTY)
                .setBasis(one.reason().name())
                .setState("INCONCLUSIVE")
                .setStateDetail(one.detail())
                .build();
    }

    /// The caller's storages, or the one asked for, if it is among them.
    private Map<StorageId, String> storages(Handle handle, long asked) {
        Map<StorageId, String> own = access.callerStorages(handle);
        if (asked == 0) {
            return own;
        }
        StorageId storage = new StorageId(Math.max(1, asked));
        if (asked < 0 || !own.containsKey(storage)) {
            throw Status.NOT_FOUND
                    .withDescription("there is no storage " + asked + " at this site")
                    .asRuntimeException();
        }
        return Map.of(storage, own.get(storage));
    }

    private Authority.Person person(String said) {
        String name = PersonName.of(access.callerName(), said);
        if (name.isEmpty()) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a person decides: say who, by name")
                    .asRuntimeException();
        }
        return new Authority.Person(name);
    }

    /// Or none that could be.
    private static boolean tooMany(List<Long> ids) {
        return ids.size() > Limits.FINDINGS_PAGE || ids.stream().anyMatch(id -> id <= 0);
    }

    private static Optional<Removal> removal(RemovalAction action) {
        return switch (action) {
            case QUARANTINE -> Optional.of(Removal.QUARANTINE);
            case PURGE -> Optional.of(Removal.PURGE);
            case RELEASE, REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Optional<Status> fault(Enforced enforced) {
        return switch (enforced) {
            case Enforced.Done _ -> Optional.empty();
            case Enforced.Unknown(FindingId finding) ->
                Optional.of(Status.NOT_FOUND.withDescription("there is no finding " + finding + " at this site"));
            case Enforced.Refused(FindingId finding, String reason) ->
                Optional.of(Status.FAILED_PRECONDITION.withDescription("finding " + finding + ": " + reason));
        };
    }
}
