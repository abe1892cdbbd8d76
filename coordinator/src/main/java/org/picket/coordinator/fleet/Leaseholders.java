package org.picket.coordinator.fleet;

/// The leases of members, as far as a steward is concerned with them.
public interface Leaseholders {
    /// How many a member holds; of a crawler how many live of its storages.
    int held(Member member);

    /// Voids those of a member: nothing that it still says of them counts.
    void revoke(Member member);
}
