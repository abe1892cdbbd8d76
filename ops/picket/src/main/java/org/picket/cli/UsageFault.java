package org.picket.cli;

/// The command cannot be carried out as it was given: exit status 2. The message is for the person who gave it.
final class UsageFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageFault(String message) {
        super(message);
    }

    UsageFault(String message, Throwable cause) {
        super(message, cause);
    }
}
