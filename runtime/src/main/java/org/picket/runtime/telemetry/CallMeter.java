package org.picket.runtime.telemetry;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Times the calls that a server answers, by method and status: once a call, never once a message. Methods are
/// those of the services that are bound, so there are only so many.
public final class CallMeter implements ServerInterceptor {
    private final Meters meters;
    private final Map<CallKind, Meters.Timing> timings = new ConcurrentHashMap<>();

    private CallMeter(Meters meters) {
        this.meters = meters;
    }

    /// To be put before all other interceptors of a server; nothing where nobody asks.
    public static List<ServerInterceptor> before(Meters meters, List<ServerInterceptor> others) {
        return meters == Meters.none()
                ? others
                : Stream.concat(Stream.of(new CallMeter(meters)), others.stream())
                        .toList();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        long begun = System.nanoTime();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        timing(new CallKind(getMethodDescriptor(), status.getCode()))
                                .record(Duration.ofNanos(System.nanoTime() - begun));
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private Meters.Timing timing(CallKind kind) {
        return timings.computeIfAbsent(
                kind,
                seen -> meters.timing(
                        "picket_call_seconds",
                        "Calls answered, by service, method and status, and how long they took; some wait for work.",
                        seen.labels()));
    }
}
