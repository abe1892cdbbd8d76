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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a handler throws into the status that the caller may act on, and tells nothing else of it.
final class FaultInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(FaultInterceptor.class);

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
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
                        LOG.debug(
                                "{}: ended by its caller",
                                call.getMethodDescriptor().getFullMethodName());
                        return;
                    }
                    call.close(status(e, call.getMethodDescriptor().getFullMethodName()), new Metadata());
                }
            }
        };
    }

    private static Status status(RuntimeException e, String method) {
        return switch (e) {
            case StatusRuntimeException told -> told.getStatus();
            case JdbiException failure -> {
                LOG.warn(
                        "{}: the database failed: {}",
                        method,
                        failure.getClass().getSimpleName());
                yield Status.UNAVAILABLE.withDescription("the coordinator's database is away; try again");
            }
            case DatabaseException failure -> {
                LOG.warn("{}: the database failed: {}", method, failure.getMessage());
                yield Status.UNAVAILABLE.withDescription("the coordinator's database is away; try again");
            }
            case RuntimeException impossible -> {
                LOG.error("{}: a call failed in a way that should be impossible", method, impossible);
                yield Status.INTERNAL.withDescription("the coordinator failed; its log says more");
            }
        };
    }
}
