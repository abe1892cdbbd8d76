package org.picket.runtime.channel;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/// The agent that called.
final class CalledOutlet implements FrameOutlet {
    /// Bytes waiting in the transport below which it counts as ready.
    private static final int READY_BYTES = 512 * 1_024;

    private final ServerCallStreamObserver<ViewFrame> observer;

    CalledOutlet(ServerCallStreamObserver<ViewFrame> observer) {
        this.observer = observer;
    }

    @Override
    public void listen(Runnable ready, Runnable gone) {
        observer.setOnReadyThreshold(READY_BYTES);
        observer.setOnReadyHandler(ready);
        observer.setOnCancelHandler(gone);
    }

    @Override
    public boolean isReady() {
        return observer.isReady();
    }

    @Override
    public void send(ViewFrame frame) {
        observer.onNext(frame);
    }

    @Override
    public void end(Status status) {
        if (status.isOk()) {
            observer.onCompleted();
        } else {
            observer.onError(status.asRuntimeException());
        }
    }
}
