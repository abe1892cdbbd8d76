package org.picket.coordinator.overview;

import java.util.List;
import java.util.Map;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.StorageId;

/// What is read from the database: who and what there is, which hardly changes.
///
/// @param storages by number
/// @param owners names of sites and operators
/// @param members by number
record Names(List<Place> storages, Map<OwnerId, String> owners, List<Member> members) {
    Names {
        storages = List.copyOf(storages);
        owners = Map.copyOf(owners);
        members = List.copyOf(members);
    }

    /// A storage.
    record Place(StorageId id, OwnerId site, String identity) {}

    String owner(OwnerId id) {
        return owners.getOrDefault(id, "");
    }
}
