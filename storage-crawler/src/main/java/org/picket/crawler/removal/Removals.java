package org.picket.crawler.removal;

import java.time.Instant;

/// Carries out orders on one storage. The only code of Picket that changes a storage.
///
/// Every order is recorded durably before the first change and after the last, so that an order that was cut
/// short at any moment is completed, not repeated, when it is handed in again. Safe for several threads; orders
/// on one key run in turn.
public interface Removals {

    /// Carries out one order, or says why not. Handing in an order again is always safe. One that has touched its
    /// object is brought to its end, though the site would not allow it any more.
    ///
    /// @param order its signature is already checked
    /// @param now for the site's limit on purges
    Outcome carryOut(RemovalOrder order, Instant now);

    /// Takes back what was prepared for an order that this site allows no longer.
    ///
    /// @return false: too late, the object itself was touched for good, and the order can only be carried out to
    /// its end
    boolean withdraw(RemovalOrder order);
}
