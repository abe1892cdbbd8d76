package org.picket.coordinator.fleet;

import java.util.Optional;
import org.picket.proto.v1.Standing;

/// Whether a member may speak, and gets anything new.
public enum MemberStanding {
    ACTIVE(Standing.ACTIVE, ""),
    SUSPENDED(Standing.SUSPENDED, "is suspended; its coordinator's steward can resume it"),
    REVOKED(Standing.REVOKED, "is revoked for good; join anew with a new key and a new invite"),
    /// It keeps what it has, and gets nothing more.
    DRAINING(Standing.DRAINING, "is drained; its coordinator's steward can resume it");

    private final Standing wire;
    private final String words;

    MemberStanding(Standing wire, String words) {
        this.wire = wire;
        this.words = words;
    }

    /// The standing of the wire; empty where it is none.
    public static Optional<MemberStanding> of(Standing standing) {
        return switch (standing) {
            case ACTIVE -> Optional.of(ACTIVE);
            case SUSPENDED -> Optional.of(SUSPENDED);
            case REVOKED -> Optional.of(REVOKED);
            case DRAINING -> Optional.of(DRAINING);
            case STANDING_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    /// As on the wire.
    public Standing wire() {
        return wire;
    }

    /// What follows for the member, after its name.
    String words() {
        return words;
    }

    /// Whether whoever stands so may not speak.
    public boolean silent() {
        return switch (this) {
            case SUSPENDED, REVOKED -> true;
            case ACTIVE, DRAINING -> false;
        };
    }

    static MemberStanding of(boolean suspended, boolean revoked, boolean draining) {
        if (revoked) {
            return REVOKED;
        }
        if (suspended) {
            return SUSPENDED;
        }
        return draining ? DRAINING : ACTIVE;
    }
}
