/// The coordinator's only state: one PostgreSQL, started here from its published binaries or reached by URL.
///
/// Invariants: at most one server runs on a data directory, and none outlives the process that started it;
/// every acknowledged transaction is on disk; every statement ends within the pool's statement timeout; only
/// what PostgreSQL calls retryable is ever run twice.
package org.picket.coordinator.database;
