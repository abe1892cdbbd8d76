/// Who gets how much of the agents' work: what owners contributed, and the turns that sites get by it.
///
/// [Turns] is pure; [Contributions] keeps its numbers in the database, so that all coordinators weigh alike.
package org.picket.coordinator.share;
