package org.picket.runtime.channel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/// Tells calls that the server broke off from those that were cancelled here. A server of gRPC resets its streams as
/// cancelled where it ends a connection at once, be it at its own end or because a peer did not answer for too long:
/// for the caller that is UNAVAILABLE, and its call may succeed with the next connection.
final class Breaks implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new Call<>(next.newCall(method, options), Context.current());
    }

    private static final class Call<Q, A> extends SimpleForwardingClientCall<Q, A> {
        private final Context context;
        private volatile boolean cancelled;

        Call(ClientCall<Q, A> call, Context context) {
            super(call);
            this.context = context;
        }

        @Override
        public void cancel(String message, Throwable cause) {
            cancelled = true;
            super.cancel(message, cause);
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<A>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            super.onClose(cause(status), trailers);
                        }
                    },
                    headers);
        }

        private Status cause(Status status) {
            boolean ours = cancelled || context.isCancelled();
            return status.getCode() != Status.Code.CANCELLED || ours
                    ? status
                    : Status.UNAVAILABLE
                            .withDescription("the other side broke the call off")
                            .withCause(status.asRuntimeException());
        }
    }
}
