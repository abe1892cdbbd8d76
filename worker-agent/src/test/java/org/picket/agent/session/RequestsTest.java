package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.picket.agent.intake.ViewRoutes;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.Holdings;
import org.picket.proto.v1.LeasesGrpc;

class RequestsTest extends WorkFixture {
    private List<ByteString> said() {
        List<Holdings> all = coordinator.holdings();
        return all.isEmpty() ? List.of() : all.getLast().getLeaseIdsList();
    }

    @Test
    void eachRequestSaysWhichLeasesAreUnderWayAndRequestsAreCounted() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        lease(1, LONG, chunk(0, 0, 1), open, segment(0, 1), end(1));
        start();
        coordinator.await(() -> said().equals(List.of(LeasesFake.leaseId(1))));
        open.countDown();
        coordinator.await(() -> coordinator.reports().size() == 1 && said().isEmpty());
        List<Long> numbers =
                coordinator.holdings().stream().map(Holdings::getRequest).toList();
        assertEquals(LongStream.rangeClosed(1, numbers.size()).boxed().toList(), numbers);
    }

    /// Loses the first answer that has a lease.
    private static final class Losing implements ClientInterceptor {
        private final AtomicBoolean lost = new AtomicBoolean();

        @Override
        public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
            if (!method.equals(LeasesGrpc.getAcquireMethod())) {
                return next.newCall(method, options);
            }
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<B> listener, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                private boolean losing;

                                @Override
                                public void onMessage(B message) {
                                    losing = message instanceof AcquireResponse answer
                                            && answer.hasGrant()
                                            && lost.compareAndSet(false, true);
                                    if (!losing) {
                                        super.onMessage(message);
                                    }
                                }

                                @Override
                                public void onClose(Status status, Metadata trailers) {
                                    super.onClose(losing ? Status.UNAVAILABLE : status, trailers);
                                }
                            },
                            headers);
                }
            };
        }
    }

    @Test
    void leaseWhoseAnswerWasLostIsNotAmongThem() throws Exception {
        lease(1, LONG, chunk(0, 0, 1), segment(0, 1), end(1));
        start(ClientInterceptors.intercept(toLeases, new Losing()), ViewRoutes.within(toViews));
        coordinator.await(() -> coordinator.holdings().size() >= 2);
        assertTrue(coordinator.holdings().stream()
                .allMatch(each -> each.getLeaseIdsList().isEmpty()));
    }
}
