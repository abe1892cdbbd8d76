package org.picket.runtime.telemetry;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts the calls that this process makes, by method and by the status that whoever made one was told: what
/// fails where a server goes away is known at this end alone.
public final class MadeCalls implements ClientInterceptor {
    private final Meters meters;
    private final Map<CallKind, LongAdder> counts = new ConcurrentHashMap<>();

    private MadeCalls(Meters meters) {
        this.meters = meters;
    }

    /// To be the last of a channel's interceptors, which gRPC calls first; nothing where nobody asks. One for
    /// all channels of a process.
    public static List<ClientInterceptor> counted(Meters meters) {
        return meters == Meters.none() ? List.of() : List.of(new MadeCalls(meters));
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<A>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                count(new CallKind(method, status.getCode())).increment();
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private LongAdder count(CallKind kind) {
        return counts.computeIfAbsent(kind, seen -> {
            LongAdder count = new LongAdder();
            meters.counter(
                    "picket_calls_made_total",
                    "Calls to coordinators, by service, method and the status they ended with.",
                    count::sum,
                    seen.labels());
            return count;
        });
    }
}
