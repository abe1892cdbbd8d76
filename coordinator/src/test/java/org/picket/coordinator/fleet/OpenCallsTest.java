package org.picket.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.fleet.OpenCalls.OpenCall;
import org.picket.proto.id.MemberId;
import org.picket.proto.v1.AcquireRequest;
import org.picket.proto.v1.AcquireResponse;
import org.picket.proto.v1.LeasesGrpc;

class OpenCallsTest {
    private static final MemberId ONE = new MemberId(1);
    private static final MemberId OTHER = new MemberId(2);

    private final OpenCalls calls = new OpenCalls();
    private final List<Status> ends = new ArrayList<>();

    private final class Waiting extends ServerCall<AcquireRequest, AcquireResponse> {
        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(AcquireResponse message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            ends.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<AcquireRequest, AcquireResponse> getMethodDescriptor() {
            return LeasesGrpc.getAcquireMethod();
        }
    }

    private Optional<OpenCall<AcquireRequest, AcquireResponse>> opened(MemberId member) {
        return opened(member, MemberRole.AGENT);
    }

    private Optional<OpenCall<AcquireRequest, AcquireResponse>> opened(MemberId member, MemberRole role) {
        return calls.opened(member, OpenCalls.most(role), Context.ROOT.withCancellation(), new Waiting());
    }

    @Test
    void memberHasNoEndOfCallsUnderWay() {
        List<OpenCall<?, ?>> open = new ArrayList<>();
        for (int i = 0; i < OpenCalls.OF_ONE; i++) {
            open.add(opened(ONE).orElseThrow());
        }
        assertTrue(opened(ONE).isEmpty(), "one call too many");
        assertTrue(opened(OTHER).isPresent(), "another member pays for it");
        calls.over(open.getFirst());
        assertTrue(opened(ONE).isPresent(), "a call that is over still counts");
        assertTrue(opened(ONE).isEmpty());
    }

    @Test
    void crawlerOfManyStoragesHasRoomForAllOfThem() {
        for (int i = 0; i < 64 * 8; i++) {
            assertTrue(opened(OTHER, MemberRole.CRAWLER).isPresent());
        }
        assertTrue(opened(OTHER, MemberRole.CRAWLER).isEmpty(), "one call too many");
    }

    /// Each of a person's that watches a scan holds a thread of the coordinator's.
    @Test
    void peopleHaveFewCallsUnderWay() {
        for (MemberRole role : List.of(MemberRole.ADMINISTRATOR, MemberRole.STEWARD)) {
            MemberId person = new MemberId(10 + role.ordinal());
            for (int i = 0; i < 16; i++) {
                assertTrue(opened(person, role).isPresent());
            }
            assertTrue(opened(person, role).isEmpty(), role + " has one call too many");
        }
    }

    @Test
    void callsThatAreOverAreForgotten() {
        OpenCall<?, ?> open = opened(ONE).orElseThrow();
        calls.over(open);
        calls.end(ONE, Status.PERMISSION_DENIED);
        assertEquals(List.of(), ends);
    }
}
