package org.picket.agent.intake;

import io.grpc.Channel;
import java.util.Optional;
import org.picket.proto.v1.Grant;

/// Where the views of leases are.
@FunctionalInterface
public interface ViewRoutes {
    /// A channel to who serves them; empty where the grant names nobody who can be reached.
    Optional<Channel> to(Grant grant);

    /// All at one place, within this process.
    static ViewRoutes within(Channel crawler) {
        return _ -> Optional.of(crawler);
    }
}
