package org.picket.cli;

/// What the command's exit status says.
final class Exit {
    /// Done, and nothing is left.
    static final int COMPLETE = 0;
    /// Something is left to do, or was found wrong; the output says what.
    static final int INCOMPLETE = 1;
    /// Usage or configuration.
    static final int USAGE = 2;

    private Exit() {}
}
