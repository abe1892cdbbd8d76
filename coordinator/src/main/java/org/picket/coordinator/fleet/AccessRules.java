package org.picket.coordinator.fleet;

import java.util.Map;
import org.picket.proto.v1.EnrolmentGrpc;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.HashListsGrpc;
import org.picket.proto.v1.LeasesGrpc;
import org.picket.proto.v1.LedgerGrpc;
import org.picket.proto.v1.ListSuppliesGrpc;
import org.picket.proto.v1.ListingsGrpc;
import org.picket.proto.v1.RemovalsGrpc;
import org.picket.proto.v1.SitesGrpc;
import org.picket.proto.v1.SuppliesGrpc;

/// Which role may call which service. What is not in the table nobody may call.
final class AccessRules {
    static final Map<String, MemberRole> ROLES = Map.of(
            ListSuppliesGrpc.SERVICE_NAME, MemberRole.CRAWLER,
            HashListsGrpc.SERVICE_NAME, MemberRole.ADMINISTRATOR,
            LeasesGrpc.SERVICE_NAME, MemberRole.AGENT,
            ListingsGrpc.SERVICE_NAME, MemberRole.CRAWLER,
            SuppliesGrpc.SERVICE_NAME, MemberRole.CRAWLER,
            RemovalsGrpc.SERVICE_NAME, MemberRole.CRAWLER,
            SitesGrpc.SERVICE_NAME, MemberRole.ADMINISTRATOR,
            FindingsGrpc.SERVICE_NAME, MemberRole.ADMINISTRATOR,
            LedgerGrpc.SERVICE_NAME, MemberRole.ADMINISTRATOR);

    private AccessRules() {}

    /// Called by those who are no members yet.
    static boolean open(String service) {
        return service.equals(EnrolmentGrpc.SERVICE_NAME);
    }

    static boolean allowed(String service, MemberRole role) {
        return ROLES.get(service) == role;
    }
}
