package org.picket.coordinator.verdict;

/// What became of a ruling on its way into the database.
enum Written {
    /// It is there.
    CURRENT,
    /// Its fence was not the current one, or its listing is over.
    SUPERSEDED,
    /// Its agent's member may speak no more.
    SILENCED
}
