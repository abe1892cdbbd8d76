/// What administrators see and set: storages with their terms, how a scan comes along, and the ledger.
///
/// Invariant: counts are read, never kept, here; a storage's terms change in the transaction that also tells
/// the ledger of their epoch.
package org.picket.coordinator.progress;
