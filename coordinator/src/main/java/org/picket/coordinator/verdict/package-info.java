/// Verdicts: signed statements of scores, checked against what was supplied, ruled, and written many at a time.
///
/// Invariants: nothing of a verdict is read before its signature is verified; nothing is ruled but in order,
/// under the fence of a live lease, and from scores of the very pixels that the crawler supplied; shard,
/// findings, counts and ledger change in one transaction or not at all; what comes late is written down and
/// changes nothing.
package org.picket.coordinator.verdict;
