package org.picket.agent.intake;

import io.grpc.Status;
import org.picket.proto.v1.Grant;
import org.picket.runtime.channel.ViewFrame;

/// One way to the views of a lease.
public interface ViewSource {
    /// Opens the stream. Never blocks.
    ///
    /// @param frames asked for at once
    Opened open(Grant grant, int frames, Taker taker);

    /// Which way that is.
    default Route route() {
        return Route.DIRECT;
    }

    /// Takes what comes, on the transport's thread: it never blocks.
    interface Taker {
        void take(ViewFrame frame);

        /// Nothing more comes.
        ///
        /// @param status UNAVAILABLE and RESOURCE_EXHAUSTED speak of the way, not of the lease
        void closed(Status status);
    }

    /// A stream that was opened. Safe for any number of threads.
    interface Opened {
        /// Asks for further frames.
        void request(int frames);

        /// Ends it, if it has not ended.
        void cancel();
    }
}
