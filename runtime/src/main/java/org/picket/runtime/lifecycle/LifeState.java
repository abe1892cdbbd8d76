package org.picket.runtime.lifecycle;

/// Where a [Lifecycle] stands. It only ever goes on to a later one.
public enum LifeState {
    /// Parts are being started.
    STARTING,
    /// All parts run: the work can be done.
    READY,
    /// Asked to end: nothing more is begun, what runs is brought to its end.
    DRAINING,
    /// Every part was stopped, or left after its time: final.
    STOPPED
}
