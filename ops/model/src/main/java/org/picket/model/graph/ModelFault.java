package org.picket.model.graph;

/// A file that a bundle was to be made from cannot serve. The message is for the person who gave it: what
/// happened, to which file, what to do.
public final class ModelFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelFault(String message) {
        super(message);
    }

    public ModelFault(String message, Throwable cause) {
        super(message, cause);
    }
}
