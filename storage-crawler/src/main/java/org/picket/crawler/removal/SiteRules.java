package org.picket.crawler.removal;

import java.nio.file.Path;
import java.util.Set;

/// What this site allows, whatever the coordinator orders.
///
/// @param allowed the actions that may be carried out here
/// @param purgesPerHour the most purges begun within any hour, 1 to [#MOST_PURGES_PER_HOUR]
/// @param killSwitch while a file exists here, nothing is carried out; what runs stops within a second, before
/// its next change
public record SiteRules(Set<RemovalAction> allowed, int purgesPerHour, Path killSwitch) {

    /// Allows the flagged share of a storage of some millions, and stops a flood.
    public static final int DEFAULT_PURGES_PER_HOUR = 1_000;

    /// More than one storage needs, and a ring of their moments that is read at each purge.
    public static final int MOST_PURGES_PER_HOUR = 100_000;

    public SiteRules {
        allowed = Set.copyOf(allowed);
        if (purgesPerHour < 1 || purgesPerHour > MOST_PURGES_PER_HOUR) {
            throw new IllegalArgumentException(
                    "purgesPerHour is from 1 to " + MOST_PURGES_PER_HOUR + ": " + purgesPerHour);
        }
    }
}
