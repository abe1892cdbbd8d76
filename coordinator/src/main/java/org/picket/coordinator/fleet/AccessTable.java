package org.picket.coordinator.fleet;

import static org.picket.coordinator.fleet.MemberRole.ADMINISTRATOR;
import static org.picket.coordinator.fleet.MemberRole.AGENT;
import static org.picket.coordinator.fleet.MemberRole.CRAWLER;
import static org.picket.coordinator.fleet.MemberRole.STEWARD;

import io.grpc.MethodDescriptor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.MembersGrpc;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.RelayGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.SuppliesGrpc;

/// Which roles may make which call. What is not in the table nobody may. Whose storage or lease it is, each
/// service checks beside this.
final class AccessTable {
    /// By full name of the method. No role: whoever calls, a stranger included.
    static final Map<String, Set<MemberRole>> CALLS = calls();

    private AccessTable() {}

    private static Map<String, Set<MemberRole>> calls() {
        Map<String, Set<MemberRole>> calls = new HashMap<>();
        put(calls, Set.of(), EnrolmentGrpc.getEnrolMethod(), EnrolmentGrpc.getRenewMethod());
        put(
                calls,
                Set.of(AGENT),
                LeasesGrpc.getAcquireMethod(),
                LeasesGrpc.getHeartbeatMethod(),
                LeasesGrpc.getReportMethod(),
                LeasesGrpc.getGiveBackMethod(),
                RelayGrpc.getOpenMethod(),
                ArtifactsGrpc.getWantMethod(),
                ArtifactsGrpc.getFetchMethod());
        put(
                calls,
                Set.of(CRAWLER),
                ListingsGrpc.getBeginMethod(),
                ListingsGrpc.getPushMethod(),
                ListingsGrpc.getFinishMethod(),
                SuppliesGrpc.getResolveMethod(),
                SuppliesGrpc.getProbeMethod(),
                SuppliesGrpc.getReportMethod(),
                SuppliesGrpc.getOfferMethod(),
                ListSuppliesGrpc.getFetchMethod(),
                RelayGrpc.getAttendMethod(),
                RelayGrpc.getSupplyMethod(),
                RemovalsGrpc.getPullMethod(),
                RemovalsGrpc.getAcknowledgeMethod(),
                // Never to agents: who knows the thresholds can score just below them.
                ArtifactsGrpc.getPolicyMethod());
        // A crawler registers the storages beside it, of its own site: it has their credentials, and the last word.
        put(
                calls,
                Set.of(ADMINISTRATOR, CRAWLER),
                SitesGrpc.getRegisterMethod(),
                SitesGrpc.getWatchMethod(),
                SitesGrpc.getStoragesMethod());
        put(
                calls,
                Set.of(ADMINISTRATOR),
                FindingsGrpc.getListMethod(),
                FindingsGrpc.getEnforceMethod(),
                FindingsGrpc.getEnforceModeMethod(),
                FindingsGrpc.getReleaseMethod(),
                HashListsGrpc.getBeginMethod(),
                HashListsGrpc.getAddMethod(),
                HashListsGrpc.getFinishMethod(),
                HashListsGrpc.getShowMethod(),
                HashListsGrpc.getDisableMethod(),
                LedgerGrpc.getExportMethod());
        // Size and root say nothing of anybody; a crawler that asks for them at a scan's end has something to hold
        // against a later log.
        put(calls, Set.of(ADMINISTRATOR, CRAWLER), LedgerGrpc.getCheckpointMethod());
        // Each sees what is its own; a steward, all.
        put(calls, Set.of(ADMINISTRATOR, STEWARD), OverviewGrpc.getLookMethod());
        put(
                calls,
                Set.of(STEWARD),
                MembersGrpc.getInviteMethod(),
                MembersGrpc.getListMethod(),
                MembersGrpc.getSetStandingMethod());
        return Map.copyOf(calls);
    }

    private static void put(
            Map<String, Set<MemberRole>> calls, Set<MemberRole> roles, MethodDescriptor<?, ?>... methods) {
        Arrays.stream(methods).forEach(method -> calls.put(method.getFullMethodName(), roles));
    }

    /// Made by those who are no members yet.
    static boolean open(String method) {
        return Set.of().equals(CALLS.get(method));
    }

    static boolean allowed(String method, MemberRole role) {
        return CALLS.getOrDefault(method, Set.of()).contains(role);
    }
}
