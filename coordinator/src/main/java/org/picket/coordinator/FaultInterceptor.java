package org.picket.coordinator;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jdbi.v3.core.JdbiException;
import org.picket.coordinator.database.DatabaseException;
import org.picket.coordinator.database.DatabaseFault;
import org.picket.runtime.telemetry.Traceback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a handler throws into the status that the caller may act on, and tells nothing else of it.
final class FaultInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(FaultInterceptor.class);

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        ServerCall.Listener<A> started;
        try {
            started = next.startCall(call, headers);
        } catch (RuntimeException e) {
            call.close(status(e, method), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return new SimpleForwardingServerCallListener<>(started) {
            private boolean failed;

            @Override
            public void onMessage(A message) {
                guarded(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                guarded(super::onHalfClose);
            }

            private void guarded(Runnable work) {
                if (failed) {
                    return;
                }
                try {
                    work.run();
                } catch (RuntimeException e) {
                    failed = true;
                    if (call.isCancelled()) {
                        LOG.debug("{}: ended by its caller", method);
                        return;
                    }
                    call.close(status(e, method), new Metadata());
                }
            }
        };
    }

    private static Status status(RuntimeException e, String method) {
        return switch (e) {
            case StatusRuntimeException told -> told.getStatus();
            case JdbiException failure -> away(failure, method);
            case DatabaseException failure -> away(failure, method);
            case RuntimeException impossible -> {
                LOG.error("{}: a call failed in a way that should be impossible: {}", method, Traceback.of(impossible));
                yield Status.INTERNAL.withDescription("the coordinator failed; its log says more");
            }
        };
    }

    private static Status away(RuntimeException failure, String method) {
        String why = DatabaseFault.of(failure);
        LOG.warn("{}: {}", method, why);
        return Status.UNAVAILABLE.withDescription(why);
    }
}
