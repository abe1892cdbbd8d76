package org.picket.crawler.removal;

import java.io.IOException;
import java.util.List;

/// Knows which steps carry out an order on one kind of storage.
interface Procedure {

    /// The steps; the last one always gives an outcome.
    List<Step> steps(RemovalOrder order, OrderRecord record);

    /// Takes back what an order has prepared whose intent is recorded, where its object is as it was, or can be made
    /// so.
    ///
    /// @return false: the object was touched
    boolean withdraw(RemovalOrder order, OrderRecord record) throws IOException;
}
