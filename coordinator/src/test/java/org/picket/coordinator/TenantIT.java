package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.SecureCollective.Joined;
import org.picket.coordinator.fleet.MemberRole;
import org.picket.proto.seal.SealKind;
import org.picket.proto.v1.AcknowledgeRequest;
import org.picket.proto.v1.AddEntriesRequest;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.AttendRequest;
import org.picket.proto.v1.BeginListingRequest;
import org.picket.proto.v1.DisableRequest;
import org.picket.proto.v1.DisableResponse;
import org.picket.proto.v1.EnforceModeRequest;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.FetchListsRequest;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.FinishImportRequest;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.GiveBackRequest;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.HeartbeatRequest;
import org.picket.proto.v1.HeartbeatResponse;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListFindingsResponse;
import org.picket.proto.v1.ListStoragesRequest;
import org.picket.proto.v1.ListStoragesResponse;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.LookRequest;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.OfferRequest;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.ProbeRequest;
import org.picket.proto.v1.PullOrdersRequest;
import org.picket.proto.v1.PushRangesRequest;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.RelayHello;
import org.picket.proto.v1.RelayOpening;
import org.picket.proto.v1.RelayPart;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.ReportResponse;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ShowListsRequest;
import org.picket.proto.v1.ShowListsResponse;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.SupplyReport;
import org.picket.proto.v1.WatchScanRequest;

/// Members of one site or operator, at what is another's: each call that names something is tried on something
/// that is not the caller's. A call that is neither here nor among those that name nothing fails the test.
class TenantIT extends BehindTls {
    /// What these do is the caller's own, or everybody's.
    private static final Set<String> NAME_NOTHING = Set.of(
            // A file is named by what is in it, and handed out to every agent.
            ArtifactsGrpc.getWantMethod().getFullMethodName(),
            ArtifactsGrpc.getFetchMethod().getFullMethodName(),
            // Policies of the collective are for every crawler.
            ArtifactsGrpc.getPolicyMethod().getFullMethodName(),
            LeasesGrpc.getAcquireMethod().getFullMethodName(),
            SitesGrpc.getRegisterMethod().getFullMethodName(),
            HashListsGrpc.getBeginMethod().getFullMethodName(),
            LedgerGrpc.getExportMethod().getFullMethodName(),
            LedgerGrpc.getCheckpointMethod().getFullMethodName());

    private final Map<String, Attempt> attempts = new HashMap<>();

    /// A call by the wrong member.
    private record Attempt(Joined by, Call call, Predicate<Object> harmless) {}

    @FunctionalInterface
    private interface Call {
        /// @return the answer
        Object make(Channel channel);
    }

    private <Q, A> void refused(Joined by, MethodDescriptor<Q, A> method, Q request) {
        harmless(by, method, request, _ -> false);
    }

    private <Q, A> void harmless(Joined by, MethodDescriptor<Q, A> method, Q request, Predicate<Object> harmless) {
        attempts.put(
                method.getFullMethodName(),
                new Attempt(
                        by,
                        channel -> method.getType().serverSendsOneMessage()
                                ? ClientCalls.blockingUnaryCall(channel, method, io.grpc.CallOptions.DEFAULT, request)
                                : ClientCalls.blockingServerStreamingCall(
                                                channel, method, io.grpc.CallOptions.DEFAULT, request)
                                        .next(),
                        harmless));
    }

    @Test
    void nobodyReachesWhatIsAnothers() {
        OneSite site = new OneSite(collective, "one", "alice");
        OneSite.Things things = site.make();
        List<Object> before = site.seen();
        attempts(site.storage(), things);
        assertEquals(named(), new TreeSet<>(attempts.keySet()));
        attempts.forEach(TenantIT::tried);
        assertEquals(before, site.seen());
        assertTrue(site.agent().beat(things.grant(), 0).hasTtl(), "the lease was taken from its agent");
        assertEquals(1, site.crawler().supply(things.grant()).size(), "the lease is no longer its crawler's");
    }

    private void attempts(long storage, OneSite.Things things) {
        crawlers(collective.join(MemberRole.CRAWLER, "two"), storage, things);
        admins(collective.join(MemberRole.ADMINISTRATOR, "two"), storage, things);
        agents(collective.join(MemberRole.AGENT, "bob"), things.grant());
    }

    private void crawlers(Joined other, long storage, OneSite.Things things) {
        Grant grant = things.grant();
        long listing = things.listing();
        refused(
                other,
                ListingsGrpc.getBeginMethod(),
                BeginListingRequest.newBuilder().setStorageId(storage).build());
        refused(
                other,
                ListingsGrpc.getPushMethod(),
                PushRangesRequest.newBuilder().setListingId(listing).build());
        refused(
                other,
                ListingsGrpc.getFinishMethod(),
                FinishListingRequest.newBuilder().setListingId(listing).build());
        refused(
                other,
                SuppliesGrpc.getResolveMethod(),
                ResolveRequest.newBuilder().setTicket(grant.getTicket()).build());
        refused(
                other,
                SuppliesGrpc.getProbeMethod(),
                ProbeRequest.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(grant.getShardId())
                        .build());
        refused(
                other,
                SuppliesGrpc.getReportMethod(),
                SupplyReport.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(grant.getShardId())
                        .setLast(true)
                        .build());
        refused(
                other,
                SuppliesGrpc.getOfferMethod(),
                OfferRequest.newBuilder()
                        .setStorageId(storage)
                        .setAddress("127.0.0.1:1")
                        .build());
        refused(
                other,
                RelayGrpc.getAttendMethod(),
                AttendRequest.newBuilder().setStorageId(storage).build());
        refused(other, RelayGrpc.getSupplyMethod(), opening(grant));
        refused(
                other,
                ListSuppliesGrpc.getFetchMethod(),
                FetchListsRequest.newBuilder().setStorageId(storage).build());
        refused(
                other,
                RemovalsGrpc.getPullMethod(),
                PullOrdersRequest.newBuilder().setStorageId(storage).setLimit(1).build());
        refused(
                other,
                RemovalsGrpc.getAcknowledgeMethod(),
                AcknowledgeRequest.newBuilder()
                        .addReceipts(other.key().seal(SealKind.RECEIPT, things.receipt()))
                        .build());
        refused(
                other,
                SitesGrpc.getWatchMethod(),
                WatchScanRequest.newBuilder().setListingId(listing).build());
        harmless(
                other,
                SitesGrpc.getStoragesMethod(),
                ListStoragesRequest.getDefaultInstance(),
                ListStoragesResponse.getDefaultInstance()::equals);
    }

    private void admins(Joined other, long storage, OneSite.Things things) {
        harmless(
                other,
                FindingsGrpc.getListMethod(),
                ListFindingsRequest.newBuilder().addFindingIds(things.finding()).build(),
                ListFindingsResponse.getDefaultInstance()::equals);
        harmless(other, OverviewGrpc.getLookMethod(), LookRequest.getDefaultInstance(), TenantIT::ofTheSecondSite);
        refused(
                other,
                FindingsGrpc.getEnforceMethod(),
                EnforceRequest.newBuilder()
                        .addFindingIds(things.finding())
                        .setAction(RemovalAction.PURGE)
                        .setAuthorisedBy("two")
                        .build());
        refused(
                other,
                FindingsGrpc.getEnforceModeMethod(),
                EnforceModeRequest.newBuilder().setStorageId(storage).build());
        refused(
                other,
                FindingsGrpc.getReleaseMethod(),
                ReleaseRequest.newBuilder()
                        .setFindingId(things.finding())
                        .setAuthorisedBy("two")
                        .build());
        refused(
                other,
                HashListsGrpc.getAddMethod(),
                AddEntriesRequest.newBuilder().setImportId(things.imported()).build());
        refused(
                other,
                HashListsGrpc.getFinishMethod(),
                FinishImportRequest.newBuilder().setImportId(things.imported()).build());
        harmless(
                other,
                HashListsGrpc.getShowMethod(),
                ShowListsRequest.getDefaultInstance(),
                answer -> ((ShowListsResponse) answer).getListsCount() == 0);
        harmless(
                other,
                HashListsGrpc.getDisableMethod(),
                DisableRequest.newBuilder().setListId(things.list()).build(),
                DisableResponse.getDefaultInstance()::equals);
    }

    private static boolean ofTheSecondSite(Object answer) {
        LookResponse seen = (LookResponse) answer;
        return seen.getLeasesCount() == 0
                && seen.getLeasesAll() == 0
                && seen.getStoragesCount() == 0
                && seen.getMembersCount() == 2
                && seen.getMembersList().stream()
                        .allMatch(member -> member.getOwner().equals("two"));
    }

    private static RelayPart opening(Grant grant) {
        return RelayPart.newBuilder()
                .setOpening(RelayOpening.newBuilder()
                        .setTicket(grant.getTicket())
                        .setHello(RelayHello.getDefaultInstance()))
                .build();
    }

    private void agents(Joined other, Grant grant) {
        refused(other, RelayGrpc.getOpenMethod(), opening(grant));
        harmless(
                other,
                LeasesGrpc.getHeartbeatMethod(),
                HeartbeatRequest.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(grant.getShardId())
                        .build(),
                answer -> ((HeartbeatResponse) answer).hasLost());
        FakeAgent thief =
                new FakeAgent(other.channel(), other.key(), grant.getBundleDigest(), grant.getPreprocessingDigest());
        harmless(
                other,
                LeasesGrpc.getReportMethod(),
                thief.verdict(grant, 0, 20, List.of()),
                answer -> !((ReportResponse) answer).hasAccepted());
        harmless(
                other,
                LeasesGrpc.getGiveBackMethod(),
                GiveBackRequest.newBuilder()
                        .setFence(grant.getFence())
                        .setShardId(grant.getShardId())
                        .setReason(GiveBackRequest.Reason.STOPPING)
                        .build(),
                _ -> true);
    }

    /// The calls that name something of somebody's.
    private Set<String> named() {
        Set<String> named = new TreeSet<>();
        collective
                .process
                .services()
                .forEach(service -> service.bindService()
                        .getServiceDescriptor()
                        .getMethods()
                        .forEach(method -> named.add(method.getFullMethodName())));
        named.removeIf(method -> method.startsWith(EnrolmentGrpc.SERVICE_NAME + "/")
                || method.startsWith(MembersGrpc.SERVICE_NAME + "/")
                || NAME_NOTHING.contains(method));
        return named;
    }

    private static void tried(String method, Attempt attempt) {
        Optional<Object> answer = Optional.empty();
        Status status = Status.OK;
        try {
            answer = Optional.of(attempt.call().make(attempt.by().channel()));
        } catch (StatusRuntimeException e) {
            status = e.getStatus();
        }
        String said = method + ": " + status + answer.map(Object::toString).orElse("");
        assertTrue(
                answer.map(attempt.harmless()::test).orElse(true)
                        && (answer.isPresent()
                                || Set.of(
                                                Status.Code.PERMISSION_DENIED,
                                                Status.Code.NOT_FOUND,
                                                Status.Code.FAILED_PRECONDITION,
                                                Status.Code.INVALID_ARGUMENT)
                                        .contains(status.getCode())),
                said);
        assertFalse(said.contains("may not call"), () -> "not a trial of the tenant: " + said);
    }
}
