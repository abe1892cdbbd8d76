/// Stored scores, looked at again: why a finding is one, and what another policy would make of all of them.
///
/// Invariant: nothing here changes anything, fetches anything or asks an agent; memory does not grow with the
/// number of objects.
package org.picket.coordinator.replay;
