package org.picket.runtime.channel;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Gives every unary call that has no deadline of its own one, so that no caller waits for ever on a peer that
/// is gone.
public final class Deadlines implements ClientInterceptor {
    private final Duration limit;

    /// @param limit how long a call may take that says nothing else
    public Deadlines(Duration limit) {
        this.limit = limit;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
        CallOptions used = unary && options.getDeadline() == null
                ? options.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                : options;
        return next.newCall(method, used);
    }
}
