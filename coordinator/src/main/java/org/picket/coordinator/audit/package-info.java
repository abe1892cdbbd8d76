/// Holds the ledger against the rows that it tells of, offline: what anybody can check from the ledger alone,
/// and, with the database at hand, that every finding, order and receipt is the one that was logged.
///
/// Invariant: nothing is changed here, and nothing is believed because of where it lies.
package org.picket.coordinator.audit;
