package org.picket.coordinator.supply;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SupplyReport;

/// What a crawler is to supply of a follow-up, and what it may tell of it. Pure.
public final class FollowUpSupply {
    private FollowUpSupply() {}

    /// Keys of its objects behind a key.
    ///
    /// @param after empty: all
    public static List<String> left(FollowUp followUp, String after) {
        return followUp.objects().stream()
                .map(WaitingObject::key)
                .filter(key -> after.isEmpty() || KeyOrder.compare(key, after) > 0)
                .toList();
    }

    /// Why a report is none of this follow-up: each object is one of its own, in key order, once.
    ///
    /// @param last the last key told of before; empty: none
    public static Optional<String> fault(FollowUp followUp, String last, SupplyReport report) {
        Set<String> own = followUp.objects().stream().map(WaitingObject::key).collect(Collectors.toSet());
        String before = last;
        for (SuppliedObject object : report.getObjectsList()) {
            if (!own.contains(object.getKey())) {
                return Optional.of("an object of the segment was not picked");
            }
            if (!before.isEmpty() && KeyOrder.compare(object.getKey(), before) <= 0) {
                return Optional.of("picked objects are out of order");
            }
            before = object.getKey();
        }
        return Optional.empty();
    }
}
