/// How work stands: leases, storages and members at one moment, for stewards and administrators.
///
/// Invariants: nothing here changes anything; answers come from memory, with one read a second of names that hardly
/// change; an administrator is shown nothing of another site. [Paces] and [OverviewRules] are pure.
package org.picket.coordinator.overview;
