/// Terms: the lives of coordinators that share a database, by which the shards of those that are dead are told from
/// those of the living.
///
/// Invariants: of two processes of one name the later one's term lives; nobody is dead because the database was away;
/// what a term that has ended still writes fails at its fence.
package org.picket.coordinator.term;
