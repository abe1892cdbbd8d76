/// Programs that measure Picket and print one JSON line a figure. Timings are benches, not tests; they compare
/// what they measure with a ceiling taken in the same run.
package org.picket.bench;
