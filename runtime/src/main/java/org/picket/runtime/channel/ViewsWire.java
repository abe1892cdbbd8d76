package org.picket.runtime.channel;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.ViewsGrpc;

/// The service `picket.v1.Views` with [ViewFrame] in place of the generated message. Any protobuf client or
/// server can stand at the other end.
public final class ViewsWire {
    /// Arrays that a receiver keeps: more than are under way at once gain nothing.
    private static final int POOLED_VIEWS = 256;

    private ViewsWire() {}

    /// The one method, for a caller that keeps it for all its calls: its arrays are shared by them.
    public static MethodDescriptor<OpenViewsRequest, ViewFrame> open() {
        return ViewsGrpc.getOpenMethod().toBuilder(
                        ViewsGrpc.getOpenMethod().getRequestMarshaller(),
                        new FrameMarshaller(new PixelPool(POOLED_VIEWS)))
                .build();
    }

    /// The service, for a server. Frames are sent through a [io.grpc.stub.ServerCallStreamObserver].
    public static ServerServiceDefinition serve(ServerCalls.ServerStreamingMethod<OpenViewsRequest, ViewFrame> open) {
        return ServerServiceDefinition.builder(ViewsGrpc.SERVICE_NAME)
                .addMethod(open(), ServerCalls.asyncServerStreamingCall(open))
                .build();
    }
}
