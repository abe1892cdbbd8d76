package org.picket.runtime.lifecycle;

import java.util.ArrayList;
import java.util.List;

/// Parts that did not stop within their time. They were interrupted and left; all others were stopped.
public final class UnstoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> parts;

    UnstoppedException(String name, List<String> parts) {
        super(name + " did not stop in order: " + String.join(", ", parts)
                + ". What hangs ends with the process; the next start puts right what it left.");
        this.parts = new ArrayList<>(parts);
    }

    /// Each with the time that it was given.
    public List<String> parts() {
        return List.copyOf(parts);
    }
}
