/// Tells the coordinator what a storage holds, as ranges of keys.
///
/// Invariant: what is pushed is in key order, and at any moment no more than one page of objects and one push
/// of ranges is held, however large the storage is.
package org.picket.crawler.listing;
