package org.picket.coordinator.progress;

import org.picket.proto.id.SiteId;

/// For which site the present caller speaks.
@FunctionalInterface
public interface SiteAccess {
    /// The caller's site.
    SiteId callerSite();
}
