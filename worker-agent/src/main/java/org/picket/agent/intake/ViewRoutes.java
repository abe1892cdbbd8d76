package org.picket.agent.intake;

import io.grpc.Channel;
import java.time.Instant;
import java.util.List;
import org.picket.proto.v1.Grant;

/// Where the views of leases are.
@FunctionalInterface
public interface ViewRoutes {
    /// The ways to a lease's views, the preferred one first; the next is tried where one leads nowhere. Empty
    /// where the grant names nobody who can be reached.
    List<ViewSource> to(Grant grant);

    /// Why views do not come by the preferred way, in words; empty where they do.
    default List<String> downgrades(Instant now) {
        return List.of();
    }

    /// All at one place, within this process.
    static ViewRoutes within(Channel crawler) {
        ViewSource source = new CalledViews(crawler);
        return _ -> List.of(source);
    }
}
