/// Takes views in and turns them into scores: receive, batch across leases, infer.
///
/// Invariants: a view is held in memory alone, from its arrival until it is copied into a batch; the views of
/// one lease are scored in the order in which they came; no more views are under way than were asked for.
package org.picket.agent.intake;
