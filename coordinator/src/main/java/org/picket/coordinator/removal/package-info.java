/// Orders to storages, and the receipts that come back.
///
/// Invariants: an order is written, sealed and logged in the transaction that moves its finding, and handed out
/// only after; its bytes never change; it is handed out until there is a receipt, so a crawler may meet it
/// again; a receipt counts once, and only with the seal of the crawler that serves the order's storage, over
/// the digest of the order as sent.
package org.picket.coordinator.removal;
