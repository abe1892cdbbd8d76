package org.picket.crawler.removal;

import java.util.List;

/// Knows which steps carry out an order on one kind of storage.
@FunctionalInterface
interface Procedure {

    /// The steps; the last one always gives an outcome.
    List<Step> steps(RemovalOrder order, OrderRecord record);
}
