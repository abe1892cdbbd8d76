/// A coordinator: shards listings into leases, reconciles verdicts, orders removals.
package org.picket.coordinator;
