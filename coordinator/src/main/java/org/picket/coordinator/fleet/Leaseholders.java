package org.picket.coordinator.fleet;

import org.picket.proto.id.MemberId;

/// The leases of members, as far as a steward is concerned with them.
public interface Leaseholders {
    /// How many a member holds.
    int held(MemberId member);

    /// Voids those of a member: nothing that it still says of them counts.
    void revoke(Member member);
}
