package org.picket.runtime.channel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Has a channel that could not connect try again when a call begins. Left to itself gRPC waits longer after each
/// failure, up to two minutes, and calls fail meanwhile though the server is back; how long to wait between two calls
/// is what callers have their own rules for ([Attempts]).
final class Reconnects implements ClientInterceptor {
    private final AtomicReference<Optional<ManagedChannel>> channel = new AtomicReference<>(Optional.empty());

    /// @param built the channel that this was built into
    ManagedChannel of(ManagedChannel built) {
        channel.set(Optional.of(built));
        return built;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        channel.get()
                .filter(built -> built.getState(false) == ConnectivityState.TRANSIENT_FAILURE)
                .ifPresent(ManagedChannel::resetConnectBackoff);
        return next.newCall(method, options);
    }
}
