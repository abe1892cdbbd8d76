package org.picket.coordinator.hashlist;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.PersonName;
import org.picket.proto.id.SiteId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.AddEntriesRequest;
import org.picket.proto.v1.AddEntriesResponse;
import org.picket.proto.v1.BeginImportRequest;
import org.picket.proto.v1.BeginImportResponse;
import org.picket.proto.v1.DisableRequest;
import org.picket.proto.v1.DisableResponse;
import org.picket.proto.v1.FinishImportRequest;
import org.picket.proto.v1.FinishImportResponse;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.ShowListsRequest;
import org.picket.proto.v1.ShowListsResponse;
import org.picket.proto.v1.ShownList;
import org.picket.runtime.time.TimeSource;

/// What administrators of a site do with its lists.
final class HashListsEndpoint extends HashListsGrpc.HashListsImplBase {
    private static final Duration LONGEST = Duration.ofDays(5 * 365);

    private final HashLists lists;
    private final Database database;
    private final TimeSource time;
    private final Consumer<SiteId> changed;

    HashListsEndpoint(HashLists lists, Database database, TimeSource time, Consumer<SiteId> changed) {
        this.lists = lists;
        this.database = database;
        this.time = time;
        this.changed = changed;
    }

    private static SiteId caller() {
        return new SiteId(Member.caller().owner().value());
    }

    @Override
    public void begin(BeginImportRequest request, StreamObserver<BeginImportResponse> answer) {
        ListTerms terms = ListTerms.of(request.getTerms()).orElseThrow(() -> invalid("a list's kind is ALLOW or DENY"));
        if (request.getFileSha256().size() != Digest.LENGTH) {
            throw invalid("an import names the SHA-256 of its file");
        }
        String importedBy = PersonName.of(Member.caller().called(), request.getImportedBy());
        Optional<Duration> expires =
                request.hasExpiresIn() ? Optional.of(span(request.getExpiresIn().getMilliseconds())) : Optional.empty();
        HashLists.Origin origin = new HashLists.Origin(new Digest(request.getFileSha256()), importedBy, expires);
        HashLists.Outcome.Done done =
                done(Status.INVALID_ARGUMENT, (handle, now) -> lists.begin(handle, caller(), terms, origin, now));
        answer.onNext(BeginImportResponse.newBuilder().setImportId(done.id()).build());
        answer.onCompleted();
    }

    @Override
    public void add(AddEntriesRequest request, StreamObserver<AddEntriesResponse> answer) {
        if (request.getEntriesCount() > Limits.LIST_ENTRIES) {
            throw invalid("a call adds at most " + Limits.LIST_ENTRIES + " entries");
        }
        done(
                Status.INVALID_ARGUMENT,
                (handle, now) -> lists.add(handle, caller(), request.getImportId(), request.getEntriesList()));
        answer.onNext(AddEntriesResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void finish(FinishImportRequest request, StreamObserver<FinishImportResponse> answer) {
        HashLists.Outcome.Done done = done(
                Status.FAILED_PRECONDITION,
                (handle, now) -> lists.finish(handle, caller(), request.getImportId(), now));
        changed.accept(caller());
        answer.onNext(FinishImportResponse.newBuilder()
                .setListId(done.id())
                .setAdded(done.added())
                .setPresent(done.present())
                .build());
        answer.onCompleted();
    }

    @Override
    public void show(ShowListsRequest request, StreamObserver<ShowListsResponse> answer) {
        SiteId site = caller();
        Instant now = time.now();
        ListStamp stamp = database.transaction(handle -> lists.stamp(handle, site, now));
        List<ShownList> shown = database.read(handle -> lists.show(handle, site, now));
        answer.onNext(ShowListsResponse.newBuilder()
                .addAllLists(shown)
                .setDigest(stamp.digest().bytes())
                .build());
        answer.onCompleted();
    }

    @Override
    public void disable(DisableRequest request, StreamObserver<DisableResponse> answer) {
        HashLists.Disabled what = switch (request.getWhatCase()) {
            case LIST_ID -> new HashLists.Disabled.List(request.getListId());
            case HASH -> new HashLists.Disabled.Hash(request.getHash().toByteArray());
            case WHAT_NOT_SET -> throw invalid("name a list or a hash");
        };
        Function<Instant, Optional<String>> until = now -> {
            if (request.getEnable()) {
                return Optional.empty();
            }
            return Optional.of(
                    request.hasSpan()
                            ? now.plus(span(request.getSpan().getMilliseconds()))
                                    .toString()
                            : HashLists.FOR_GOOD);
        };
        HashLists.Outcome.Done done =
                done(Status.NOT_FOUND, (handle, now) -> lists.disable(handle, caller(), what, until.apply(now), now));
        changed.accept(caller());
        answer.onNext(DisableResponse.newBuilder().setEntries(done.added()).build());
        answer.onCompleted();
    }

    private interface Step {
        HashLists.Outcome take(Handle handle, Instant now);
    }

    private HashLists.Outcome.Done done(Status refusal, Step step) {
        return switch (database.transaction(handle -> step.take(handle, time.now()))) {
            case HashLists.Outcome.Done done -> done;
            case HashLists.Outcome.Refused(String why) ->
                throw refusal.withDescription(why).asRuntimeException();
        };
    }

    private static Duration span(long milliseconds) {
        if (milliseconds < 1 || milliseconds > LONGEST.toMillis()) {
            throw invalid("a span of a list is positive, and at most five years");
        }
        return Duration.ofMillis(milliseconds);
    }

    private static RuntimeException invalid(String why) {
        return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
    }
}
