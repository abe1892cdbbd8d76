package org.picket.agent.status;

/// What others than this process use of the graphics card.
public sealed interface Others {
    /// So much of its time.
    ///
    /// @param percent 0 to 100
    record Used(int percent) implements Others {}

    /// It cannot be told.
    ///
    /// @param why in words
    record Unknown(String why) implements Others {}
}
