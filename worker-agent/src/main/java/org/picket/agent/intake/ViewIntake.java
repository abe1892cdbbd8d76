package org.picket.agent.intake;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.proto.v1.Grant;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.runtime.channel.ViewFrame;
import org.picket.runtime.channel.ViewsWire;
import org.picket.runtime.time.TimeSource;

/// Opens views streams and feeds what comes to the batcher. It never blocks the transport: as many frames are
/// asked for as there is room for, and further ones as those are done with.
public final class ViewIntake {
    private static final MethodDescriptor<OpenViewsRequest, ViewFrame> OPEN = ViewsWire.open();

    private static final int QUANTA = 4;

    private final ViewRoutes routes;
    private final Batcher batcher;
    private final TimeSource time;
    private final int window;

    /// @param window frames of one lease under way
    public ViewIntake(ViewRoutes routes, Batcher batcher, TimeSource time, int window) {
        this.routes = routes;
        this.batcher = batcher;
        this.time = time;
        this.window = window;
    }

    /// A stream that was opened.
    public interface Stream {
        /// Ends it, if it has not ended.
        void cancel();
    }

    /// Opens the stream of a lease, whose frames go to its scan.
    public Stream open(Grant grant, LeaseScan scan) {
        Optional<Channel> crawler = routes.to(grant);
        if (crawler.isEmpty()) {
            scan.fail(new Trouble(Trouble.Part.ROUTE, "no crawler of this storage can be reached"));
            return () -> {};
        }
        ClientCall<OpenViewsRequest, ViewFrame> call = crawler.get().newCall(OPEN, CallOptions.DEFAULT);
        call.start(new Listener(call, scan), new Metadata());
        call.request(window);
        call.sendMessage(
                OpenViewsRequest.newBuilder().setTicket(grant.getTicket()).build());
        call.halfClose();
        return () -> call.cancel("the agent is done with this lease", new java.util.concurrent.CancellationException());
    }

    private final class Listener extends ClientCall.Listener<ViewFrame> {
        private final ClientCall<OpenViewsRequest, ViewFrame> call;
        private final LeaseScan scan;
        /// Frames that are done with and not asked for anew.
        private final AtomicInteger done = new AtomicInteger();

        Listener(ClientCall<OpenViewsRequest, ViewFrame> call, LeaseScan scan) {
            this.call = call;
            this.scan = scan;
        }

        @Override
        public void onMessage(ViewFrame frame) {
            switch (frame) {
                case ViewFrame.Chunk chunk -> {
                    if (!scan.arrived(chunk, time.now())) {
                        return;
                    }
                    if (!batcher.offer(new Arrival(scan, chunk.pixels(), this::next))) {
                        scan.fail(new Trouble(Trouble.Part.VIEWS, "more views came than were asked for"));
                    }
                }
                case ViewFrame.Segment segment -> {
                    scan.arrived(segment);
                    next();
                }
                case ViewFrame.End end -> scan.arrived(end);
            }
        }

        /// Asks for a quarter of the window at a time: asking costs as much as a frame.
        private void next() {
            int quantum = Math.max(1, window / QUANTA);
            if (done.incrementAndGet() % quantum == 0) {
                call.request(quantum);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
                scan.fail(new Trouble(
                        status.getCode() == Status.Code.UNAVAILABLE ? Trouble.Part.ROUTE : Trouble.Part.VIEWS,
                        "the views stream ended: " + status.getCode() + " " + status.getDescription()));
            } else if (!scan.ended()) {
                scan.fail(new Trouble(Trouble.Part.VIEWS, "the views stream ended early"));
            }
        }
    }
}
