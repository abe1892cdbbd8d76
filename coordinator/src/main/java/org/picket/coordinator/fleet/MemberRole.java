package org.picket.coordinator.fleet;

import java.util.Optional;
import org.picket.proto.v1.Role;
import org.picket.runtime.identity.Party;

/// What a member is in the collective.
public enum MemberRole {
    AGENT(Role.AGENT),
    CRAWLER(Role.CRAWLER),
    ADMINISTRATOR(Role.ADMINISTRATOR),
    STEWARD(Role.STEWARD);

    private final Role wire;

    MemberRole(Role wire) {
        this.wire = wire;
    }

    /// The role of the wire; empty where it is none.
    public static Optional<MemberRole> of(Role role) {
        return switch (role) {
            case AGENT -> Optional.of(AGENT);
            case CRAWLER -> Optional.of(CRAWLER);
            case ADMINISTRATOR -> Optional.of(ADMINISTRATOR);
            case STEWARD -> Optional.of(STEWARD);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    /// As on the wire.
    public Role wire() {
        return wire;
    }

    /// Whether it has leases, or others have leases of what it supplies: of those a member can be drained.
    public boolean drainable() {
        return switch (this) {
            case AGENT, CRAWLER -> true;
            case ADMINISTRATOR, STEWARD -> false;
        };
    }

    /// As in certificates.
    Party.Kind kind() {
        return switch (this) {
            case AGENT -> Party.Kind.AGENT;
            case CRAWLER -> Party.Kind.CRAWLER;
            case ADMINISTRATOR -> Party.Kind.ADMINISTRATOR;
            case STEWARD -> Party.Kind.STEWARD;
        };
    }

    /// As in the database.
    int code() {
        return wire.getNumber();
    }

    static MemberRole ofCode(int code) {
        return of(Role.forNumber(code)).orElseThrow(() -> new IllegalStateException("no role has the code " + code));
    }
}
