package org.picket.coordinator.removal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.picket.proto.id.OrderId;
import org.picket.proto.id.StorageId;

/// Which orders are out with a crawler: not handed out again until their span is over. Kept in memory only, for
/// handing an order out again is harmless.
///
/// Thread-safe.
final class Deliveries {
    private final Duration visibility;
    private final int limit;
    private final Map<StorageId, Map<OrderId, Instant>> out = new HashMap<>();

    /// @param visibility how long an order is out before it is handed out again
    /// @param limit orders of one storage out at once; no more are handed out beyond it
    Deliveries(Duration visibility, int limit) {
        this.visibility = visibility;
        this.limit = limit;
    }

    /// The orders of a storage that are out.
    synchronized Set<OrderId> out(StorageId storage, Instant now) {
        Map<OrderId, Instant> ofStorage = out.getOrDefault(storage, Map.of());
        if (!ofStorage.isEmpty()) {
            ofStorage.values().removeIf(until -> !until.isAfter(now));
        }
        return Set.copyOf(ofStorage.keySet());
    }

    /// How many more may go out.
    synchronized int room(StorageId storage) {
        return Math.max(0, limit - out.getOrDefault(storage, Map.of()).size());
    }

    synchronized void handedOut(StorageId storage, List<OrderId> orders, Instant now) {
        Map<OrderId, Instant> ofStorage = out.computeIfAbsent(storage, _ -> new HashMap<>());
        orders.forEach(order -> ofStorage.put(order, now.plus(visibility)));
    }

    synchronized void answered(Collection<OrderId> orders) {
        out.values().forEach(ofStorage -> ofStorage.keySet().removeAll(orders));
        out.values().removeIf(Map::isEmpty);
    }
}
