package org.picket.coordinator;

import java.time.Duration;
import java.util.Objects;
import org.picket.coordinator.artifact.ArtifactSettings;
import org.picket.coordinator.content.KnownContents;
import org.picket.coordinator.lease.LeaseSettings;
import org.picket.coordinator.relay.RelaySettings;

/// What a coordinator is told at its start.
///
/// @param name the same at each start, and no other coordinator's on the same database
/// @param lease bounds of leasing
/// @param knownContents cleared contents remembered, 8 bytes each
/// @param sweepEvery how often it looks around; expired leases are looked for several times as often
/// @param relay bounds of relaying views
/// @param artifacts what it hands out
public record CoordinatorSettings(
        String name,
        LeaseSettings lease,
        int knownContents,
        Duration sweepEvery,
        RelaySettings relay,
        ArtifactSettings artifacts) {
    /// With the standard relay, handing out nothing.
    public CoordinatorSettings(String name, LeaseSettings lease, int knownContents, Duration sweepEvery) {
        this(name, lease, knownContents, sweepEvery, RelaySettings.STANDARD, ArtifactSettings.NONE);
    }

    public CoordinatorSettings {
        Objects.requireNonNull(lease);
        Objects.requireNonNull(relay);
        Objects.requireNonNull(artifacts);
        if (name.isBlank() || knownContents < 1 || !sweepEvery.isPositive()) {
            throw new IllegalArgumentException("a coordinator has a name, room for contents, and sweeps");
        }
    }

    /// With another relay.
    public CoordinatorSettings with(RelaySettings other) {
        return new CoordinatorSettings(name, lease, knownContents, sweepEvery, other, artifacts);
    }

    /// With other bounds of leasing.
    public CoordinatorSettings with(LeaseSettings other) {
        return new CoordinatorSettings(name, other, knownContents, sweepEvery, relay, artifacts);
    }

    /// Handing out other artifacts.
    public CoordinatorSettings with(ArtifactSettings other) {
        return new CoordinatorSettings(name, lease, knownContents, sweepEvery, relay, other);
    }

    /// The standard bounds.
    public static CoordinatorSettings standard(String name) {
        return new CoordinatorSettings(name, LeaseSettings.STANDARD, KnownContents.CAPACITY, Duration.ofSeconds(1));
    }
}
