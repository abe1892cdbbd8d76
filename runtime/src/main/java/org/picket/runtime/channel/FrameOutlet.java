package org.picket.runtime.channel;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/// Where the frames of one stream go. All but the two handlers are called by one thread at a time.
public interface FrameOutlet {
    /// To be told before anything is sent.
    ///
    /// @param ready called whenever there is room again
    /// @param gone called once, where the receiver is gone
    void listen(Runnable ready, Runnable gone);

    /// Whether there is room for another frame.
    boolean isReady();

    /// Sends a frame.
    void send(ViewFrame frame);

    /// Ends the stream.
    void end(Status status);

    /// An agent that called this server. To be made before the call's handler returns.
    static FrameOutlet to(ServerCallStreamObserver<ViewFrame> observer) {
        return new CalledOutlet(observer);
    }
}
