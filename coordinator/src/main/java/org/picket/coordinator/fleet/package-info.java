/// Who may speak: members, their invites, sessions and keys, and what each role may call.
///
/// Invariant: no service but enrolment is reached without a [org.picket.coordinator.fleet.Member] in the call's
/// context, and none by a role that the table in [org.picket.coordinator.fleet.AccessRules] does not name.
package org.picket.coordinator.fleet;
