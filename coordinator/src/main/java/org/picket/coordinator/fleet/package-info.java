/// Who may speak: members, their invites, sessions and keys, and what each role may call.
///
/// Invariant: no call but those of enrolment is reached without a [org.picket.coordinator.fleet.Member] in its
/// context, and none by a role that the table in [org.picket.coordinator.fleet.AccessTable] does not name.
package org.picket.coordinator.fleet;
