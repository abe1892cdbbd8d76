package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.EnforceModeRequest;
import org.picket.proto.v1.EnforceModeResponse;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListFindingsResponse;
import org.picket.proto.v1.ScanProgress;

/// What a scan removes beside what it finds.
class EarlierFindingsTest {
    private final Map<Long, String> states = new TreeMap<>();
    private final List<Long> pages = new ArrayList<>();
    private final Map<Long, String> becoming = new TreeMap<>();
    private Server server;
    private ManagedChannel channel;

    private final class Kept extends FindingsGrpc.FindingsImplBase {
        @Override
        public void list(ListFindingsRequest request, StreamObserver<ListFindingsResponse> answer) {
            ListFindingsResponse.Builder page = ListFindingsResponse.newBuilder();
            states.forEach((id, state) -> {
                if (id > request.getAfterId()) {
                    page.addFindings(
                            Finding.newBuilder().setId(id).setRuleId("r1").setState(state));
                }
            });
            answer.onNext(page.build());
            answer.onCompleted();
        }

        /// Two findings a page, as the coordinator decides.
        @Override
        public void enforceMode(EnforceModeRequest request, StreamObserver<EnforceModeResponse> answer) {
            pages.add(request.getAfterId());
            EnforceModeResponse.Builder page = EnforceModeResponse.newBuilder();
            becoming.entrySet().stream()
                    .filter(one -> one.getKey() > request.getAfterId())
                    .limit(2)
                    .forEach(one -> {
                        states.put(one.getKey(), one.getValue());
                        if (one.getValue().equals("HELD")) {
                            page.addHeld(one.getKey());
                        } else {
                            page.addOrdered(one.getKey());
                        }
                        page.setNextAfterId(one.getKey());
                    });
            if (page.getOrderedCount() + page.getHeldCount() < 2) {
                page.clearNextAfterId();
            }
            answer.onNext(page.build());
            answer.onCompleted();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = InProcessServerBuilder.forName("earlier-findings")
                .directExecutor()
                .addService(new Kept())
                .build()
                .start();
        channel = InProcessChannelBuilder.forName("earlier-findings")
                .directExecutor()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void whatTheCoordinatorOrdersIsCountedWithTheScan() {
        states.putAll(Map.of(1L, "REFUSED", 2L, "OBSERVED", 3L, "FAILED", 4L, "HELD", 5L, "REFUSED", 6L, "OBSERVED"));
        becoming.putAll(Map.of(1L, "QUARANTINED", 2L, "QUARANTINED", 3L, "QUARANTINED"));
        EarlierFindings earlier = new EarlierFindings(FindingsGrpc.newBlockingStub(channel), 1);
        assertEquals(new EarlierFindings.Enforced(3, 0), earlier.enforce());
        assertEquals(List.of(0L, 2L), pages);
        // One of those refused was of this scan: its new state is in the later counts already. What was not ordered
        // again is none of this scan's business.
        ScanProgress before = ScanProgress.newBuilder().setRefused(1).build();
        ScanProgress after = ScanProgress.newBuilder().setQuarantined(1).build();
        ScanProgress sum = earlier.added(before, after);
        assertEquals(3, sum.getQuarantined());
        assertEquals(0, sum.getRefused());
        assertEquals(0, sum.getFailed());
        assertEquals(0, sum.getHeld());
    }

    @Test
    void whatAFuseHoldsBackIsTold() {
        states.putAll(Map.of(1L, "OBSERVED", 2L, "OBSERVED", 3L, "REFUSED"));
        becoming.putAll(Map.of(1L, "HELD", 2L, "HELD", 3L, "HELD"));
        EarlierFindings earlier = new EarlierFindings(FindingsGrpc.newBlockingStub(channel), 1);
        assertEquals(new EarlierFindings.Enforced(0, 3), earlier.enforce());
        ScanProgress none = ScanProgress.getDefaultInstance();
        assertEquals(3, earlier.added(none, none).getHeld());
    }

    @Test
    void whatStaysRefusedIsToldStill() {
        states.put(1L, "REFUSED");
        becoming.put(1L, "REFUSED");
        EarlierFindings earlier = new EarlierFindings(FindingsGrpc.newBlockingStub(channel), 1);
        earlier.enforce();
        ScanProgress none = ScanProgress.getDefaultInstance();
        assertEquals(1, earlier.added(none, none).getRefused());
    }
}
