/// An agent's work: acquire a lease, scan it, report, and acquire the next while this one is scored.
///
/// Invariants: no more leases than the settings say receive views at once, and no more than they say wait for
/// their verdict's answer; a lease that was lost has no further effect; every lease that cannot be finished is
/// given back with the reason.
package org.picket.agent.session;
