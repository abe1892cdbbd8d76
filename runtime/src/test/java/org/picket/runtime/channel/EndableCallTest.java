package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.FinishListingRequest;
import org.picket.proto.v1.FinishListingResponse;
import org.picket.proto.v1.ListingsGrpc;

class EndableCallTest {
    private final Beneath beneath = new Beneath();
    private final EndableCall<FinishListingRequest, FinishListingResponse> call = new EndableCall<>(beneath);

    /// As gRPC's own: it takes one end.
    private static final class Beneath extends ServerCall<FinishListingRequest, FinishListingResponse> {
        private final List<Object> said = new ArrayList<>();

        @Override
        public void close(Status status, Metadata trailers) {
            if (said.stream().anyMatch(Status.Code.class::isInstance)) {
                throw new IllegalStateException("call already closed");
            }
            said.add(status.getCode());
        }

        @Override
        public void sendMessage(FinishListingResponse message) {
            said.add(message);
        }

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void request(int messages) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<FinishListingRequest, FinishListingResponse> getMethodDescriptor() {
            return ListingsGrpc.getFinishMethod();
        }
    }

    @Test
    void whatIsSaidAfterItsEndIsDropped() {
        call.end(Status.PERMISSION_DENIED);
        call.sendMessage(FinishListingResponse.getDefaultInstance());
        call.close(Status.OK, new Metadata());
        assertTrue(call.isCancelled());
        assertEquals(List.of(Status.Code.PERMISSION_DENIED), beneath.said);
    }

    /// Of a member's many calls the next ones would not be ended.
    @Test
    void endOfOneThatAFaultHasClosedBeneathIsNone() {
        beneath.close(Status.INTERNAL, new Metadata());
        call.end(Status.PERMISSION_DENIED);
        assertEquals(List.of(Status.Code.INTERNAL), beneath.said);
    }
}
