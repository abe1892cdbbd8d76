package org.picket.coordinator.overview;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.runtime.channel.Build;

/// What is read from the database: who and what there is, which hardly changes.
///
/// @param storages by number
/// @param owners names of sites and operators
/// @param members by number
/// @param coordinators that live on the database
record Names(List<Place> storages, Map<OwnerId, String> owners, List<Member> members, List<Coordinator> coordinators) {
    Names {
        storages = List.copyOf(storages);
        owners = Map.copyOf(owners);
        members = List.copyOf(members);
        coordinators = List.copyOf(coordinators);
    }

    /// A storage.
    ///
    /// @param circle whose agents may see its pictures
    record Place(StorageId id, OwnerId site, String identity, Circle circle) {}

    /// A coordinator.
    ///
    /// @param address where members reach it; empty: it has not said
    /// @param seen when it gave its last sign of life
    record Coordinator(String address, Build build, Instant seen) {}

    String owner(OwnerId id) {
        return owners.getOrDefault(id, "");
    }
}
