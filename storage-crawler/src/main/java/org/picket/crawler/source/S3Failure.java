package org.picket.crawler.source;

/// A call to an S3 server failed for good, after every retry. Names no object.
public final class S3Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Fetched.Reason reason;

    S3Failure(Fetched.Reason reason, Throwable cause) {
        super("the S3 server could not be used: " + reason, cause);
        this.reason = reason;
    }

    /// What stood in the way.
    public Fetched.Reason reason() {
        return reason;
    }
}
