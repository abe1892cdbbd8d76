package org.picket.runtime.channel;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.picket.proto.v1.EnrolmentGrpc;

/// What a call may cost that strangers may make: little memory, and not for long. The bounds of a message that
/// hold for all calls leave room for a whole report, of which one connection could begin a thousand and end none.
///
/// It counts bytes as they come, so a message that never ends is refused too.
final class StrangerBounds extends ServerStreamTracer.Factory implements ServerInterceptor {
    /// A key, a proof and a name are a tenth of it.
    static final int MESSAGE_BYTES = 16 * 1_024;

    /// How long such a call may take, from its first byte to its answer.
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Context.Key<Count> COUNT = Context.key("picket-stranger-bytes");
    private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

    private final Duration limit;
    private final ScheduledThreadPoolExecutor clock;

    StrangerBounds(Duration limit) {
        this.limit = limit;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("strangers").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    private static boolean open(String method) {
        return method.startsWith(EnrolmentGrpc.SERVICE_NAME + "/");
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return open(method) ? new Count() : UNCOUNTED;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Optional<Count> count = Optional.ofNullable(COUNT.get());
        if (count.isEmpty()) {
            return next.startCall(call, headers);
        }
        EndableCall<A, B> endable = new EndableCall<>(call);
        count.get().call = Optional.of(endable);
        ScheduledFuture<?> late = clock.schedule(
                () -> endable.end(Status.DEADLINE_EXCEEDED.withDescription(
                        "this call may take " + limit.toSeconds() + " s, from its first byte to its answer")),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        return new SimpleForwardingServerCallListener<>(next.startCall(endable, headers)) {
            @Override
            public void onComplete() {
                late.cancel(false);
                super.onComplete();
            }

            @Override
            public void onCancel() {
                late.cancel(false);
                super.onCancel();
            }
        };
    }

    /// Ends with the server.
    void close() {
        clock.shutdownNow();
    }

    /// The bytes of one call. The transport calls it from one thread; it asks for no message before the call is
    /// known here.
    private static final class Count extends ServerStreamTracer {
        private volatile Optional<EndableCall<?, ?>> call = Optional.empty();
        private long bytes;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(COUNT, this);
        }

        @Override
        public void inboundWireSize(long more) {
            bytes += more;
            if (bytes > MESSAGE_BYTES) {
                call.ifPresent(open -> open.end(Status.RESOURCE_EXHAUSTED.withDescription(
                        "the message of this call has at most " + MESSAGE_BYTES + " bytes")));
            }
        }
    }
}
