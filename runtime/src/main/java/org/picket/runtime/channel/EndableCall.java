package org.picket.runtime.channel;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A call that can be ended from outside: what its handler still says is dropped then.
///
/// Safe for any number of threads.
public class EndableCall<A, B> extends SimpleForwardingServerCall<A, B> {
    private static final Logger LOG = LoggerFactory.getLogger(EndableCall.class);

    private boolean closed;

    protected EndableCall(ServerCall<A, B> call) {
        super(call);
    }

    /// Ends it, unless its handler has, or what lies beneath: a fault closes a call past this.
    protected void end(Status status) {
        try {
            close(status, new Metadata());
        } catch (IllegalStateException overAlready) {
            LOG.debug("a call that is to be ended is over: {}", overAlready.getMessage());
        }
    }

    @Override
    public final synchronized void sendHeaders(Metadata headers) {
        if (!closed) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public final synchronized void sendMessage(B message) {
        if (!closed) {
            super.sendMessage(message);
        }
    }

    @Override
    public final synchronized void close(Status status, Metadata trailers) {
        if (!closed) {
            closed = true;
            super.close(status, trailers);
        }
    }

    @Override
    public final synchronized boolean isCancelled() {
        return closed || super.isCancelled();
    }
}
