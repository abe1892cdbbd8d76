package org.picket.coordinator.removal;

import java.util.List;
import org.picket.proto.id.OrderId;

/// What became of a batch of receipts. One that is not believed spoils its batch: nothing of it is taken in.
sealed interface Acknowledged {

    /// All are taken in.
    ///
    /// @param orders that they are for
    /// @param failures whether one tells of a failure, so that its order may have been given again
    record Taken(List<OrderId> orders, boolean failures) implements Acknowledged {}

    /// One is no receipt, or not for an order that was given.
    record Malformed(String reason) implements Acknowledged {}

    /// One was not sealed by the crawler that calls, or is for a storage that it does not serve.
    record Denied(String reason) implements Acknowledged {}
}
