/// Supplies agents with the views of their leases: fetch, SHA-256, probe, decode, send.
///
/// Objects are worked on side by side and sent in order. Everything on the way is bounded: objects ahead of the
/// one that is sent, bytes held, threads; the agent paces the stream.
///
/// Invariant: the coordinator has been told what became of a segment before its end is sent, and no view is
/// sent whose digest it is not told.
package org.picket.crawler.supply;
