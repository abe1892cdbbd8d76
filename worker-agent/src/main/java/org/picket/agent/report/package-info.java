/// Makes verdicts of scores and hands them in, again and again until the coordinator has answered.
///
/// Invariant: what is signed covers whole segments and every view in them; nothing is written anywhere but to
/// the coordinator.
package org.picket.agent.report;
