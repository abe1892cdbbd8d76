package org.picket.bench.agents;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts calls that fail, by what was called and how it failed.
final class Calls implements ClientInterceptor {
    /// Kinds of failures told apart.
    private static final int KINDS = 64;

    private static final int WORDS = 60;

    private final ConcurrentHashMap<String, LongAdder> failures = new ConcurrentHashMap<>();

    /// Failures so far, and none from now on.
    Map<String, Long> take() {
        Map<String, Long> taken = new TreeMap<>();
        failures.keySet()
                .forEach(kind ->
                        Optional.ofNullable(failures.remove(kind)).ifPresent(count -> taken.put(kind, count.sum())));
        return taken;
    }

    private void ended(MethodDescriptor<?, ?> method, Status status) {
        if (status.isOk()) {
            return;
        }
        String words = Optional.ofNullable(status.getDescription()).orElse("").replaceAll("[0-9]+", "#");
        String kind = method.getBareMethodName() + " " + status.getCode() + " "
                + words.substring(0, Math.min(words.length(), WORDS));
        if (failures.size() < KINDS || failures.containsKey(kind)) {
            failures.computeIfAbsent(kind, _ -> new LongAdder()).increment();
        }
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                ended(method, status);
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }
}
