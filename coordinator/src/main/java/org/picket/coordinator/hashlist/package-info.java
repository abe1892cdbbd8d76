/// Hash lists of a site: imported with their provenance, versioned, and handed to the site's crawlers, which
/// match before they send anything.
///
/// What is in force at an instant is a *set*, named by its digest. A set that could flag what an earlier one
/// let pass has *grown* over it: what was looked at before is then looked at again, as far as it must be.
/// Invariants: entries are never removed, only taken out of force; nothing of an import is in force before all
/// of it is; an entry that a person has disabled is not put back by importing it again. No hash is in any log.
package org.picket.coordinator.hashlist;
