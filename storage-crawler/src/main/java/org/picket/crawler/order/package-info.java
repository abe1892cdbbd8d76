/// Takes orders from the coordinator, checks that they may be carried out here, has them carried out, and
/// answers with signed receipts.
///
/// Invariant: nothing is carried out that the coordinator's key did not sign for this storage and this site's
/// own policy does not allow. An order without a receipt comes again, and carrying it out again is safe.
package org.picket.crawler.order;
