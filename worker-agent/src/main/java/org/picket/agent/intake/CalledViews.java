package org.picket.agent.intake;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CancellationException;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;

/// Views of a crawler that is called: the service `picket.v1.Views`.
///
/// @param crawler who serves them
public record CalledViews(Channel crawler) implements ViewSource {
    private static final MethodDescriptor<OpenViewsRequest, ViewFrame> OPEN = ViewsWire.open();

    @Override
    public Opened open(Grant grant, int frames, Taker taker) {
        ClientCall<OpenViewsRequest, ViewFrame> call = crawler.newCall(OPEN, CallOptions.DEFAULT);
        call.start(new Listener(taker), new Metadata());
        call.request(frames);
        call.sendMessage(
                OpenViewsRequest.newBuilder().setTicket(grant.getTicket()).build());
        call.halfClose();
        return new OfCall(call);
    }

    /// A call that was begun.
    record OfCall(ClientCall<?, ?> call) implements Opened {
        @Override
        public void request(int frames) {
            call.request(frames);
        }

        @Override
        public void cancel() {
            call.cancel("the agent is done with this lease", new CancellationException());
        }
    }

    private static final class Listener extends ClientCall.Listener<ViewFrame> {
        private final Taker taker;

        Listener(Taker taker) {
            this.taker = taker;
        }

        @Override
        public void onMessage(ViewFrame frame) {
            taker.take(frame);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            taker.closed(status);
        }
    }
}
