package org.picket.crawler.source;

/// A storage cannot be listed or opened at all. The message says what happened, to which storage and what to
/// do; it never names an object.
public final class SourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
