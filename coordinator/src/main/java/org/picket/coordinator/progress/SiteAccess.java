package org.picket.coordinator.progress;

import org.picket.proto.circle.Circle;
import org.picket.proto.id.SiteId;

/// For which site the present caller speaks.
@FunctionalInterface
public interface SiteAccess {
    /// The caller's site.
    SiteId callerSite();

    /// Whose agents may see the pictures of storages that the caller registers, as its invite said; everyone's: it did
    /// not say.
    default Circle callerCircle() {
        return Circle.EVERYONE;
    }
}
