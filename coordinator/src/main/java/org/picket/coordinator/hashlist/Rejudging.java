package org.picket.coordinator.hashlist;

import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.ShardId;
import org.picket.proto.id.SiteId;
import org.picket.proto.seal.Digest;

/// Finds contents again that were ruled on, now that lists say something else of them.
public interface Rejudging {
    /// Sees to it that the next scan looks at every object of the site that has one of these contents.
    ///
    /// @return whether it did; else one of the contents is there, but not known where: all must be looked at
    boolean rejudge(Handle handle, SiteId site, Collection<Digest> contents);

    /// Sees to it that the next scan looks at every object of some shards.
    ///
    /// @return whether it did; not where a later listing has taken one of them over
    boolean lookAgain(Handle handle, Collection<ShardId> shards);
}
