/// From evidence to ruling, purely: scores, known content and what the site found out, against a compiled
/// policy.
///
/// Invariant: no clock, no chance, no storage here; the same evidence under the same epoch gives the same
/// ruling, so stored scores ([org.picket.coordinator.ruling.ScoreBlock]) can be ruled again. What cannot be
/// judged is INCONCLUSIVE, never cleared and never flagged.
package org.picket.coordinator.ruling;
