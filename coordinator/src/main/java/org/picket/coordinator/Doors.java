package org.picket.coordinator;

/// Where members on other machines come in. A coordinator that is out of reach of the database which it shares with
/// others closes its own: calls are refused as if it were gone, and members go on to the next coordinator.
///
/// Called again and again with what should be, by one thread; what fails is tried again.
public interface Doors {
    /// Lets members in, if they are not.
    void open();

    /// Sends members on, if they are not: calls under way have a while to end.
    void close();
}
