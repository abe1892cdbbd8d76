/// How an agent comes by what its coordinator wants it to run: it asks what is wanted, fetches what it lacks,
/// and holds several bundles within its operator's bounds.
///
/// Invariants: nothing is used before all its bytes have the digest that the coordinator's key vouches for, and
/// a bundle not before its golden views agree; a download that was cut or killed goes on where it stopped; what
/// is in use is never taken away.
package org.picket.agent.rollout;
