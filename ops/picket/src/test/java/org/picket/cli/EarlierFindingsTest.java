package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.EnforceResponse;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ListFindingsResponse;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.ScanProgress;

/// What a scan removes beside what it finds.
class EarlierFindingsTest {
    private static final String POLICY = """
            id: "test"
            version: 1
            rule { id: "r1" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: PURGE }
            """;

    private final Map<Long, String> states = new TreeMap<>();
    private final List<RemovalAction> actions = new ArrayList<>();
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

        @Override
        public void enforce(EnforceRequest request, StreamObserver<EnforceResponse> answer) {
            actions.add(request.getAction());
            request.getFindingIdsList().forEach(id -> states.put(id, "QUARANTINED"));
            answer.onNext(EnforceResponse.newBuilder()
                    .setOrdered(request.getFindingIdsCount())
                    .build());
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

    private static Policy policy() {
        return Policy.parse(POLICY, Path.of(".")).orThrow();
    }

    @Test
    void whatAWeakerModeRefusedIsRemovedAsThatModeAllows() {
        states.putAll(Map.of(1L, "REFUSED", 2L, "OBSERVED", 3L, "FAILED", 4L, "HELD", 5L, "RELEASED", 6L, "PURGED"));
        EarlierFindings earlier = new EarlierFindings(FindingsGrpc.newBlockingStub(channel), 1);
        assertEquals(3, earlier.order(ScanMode.QUARANTINE, policy()));
        assertEquals(List.of(RemovalAction.QUARANTINE), actions);
        assertEquals(
                Map.of(
                        1L,
                        "QUARANTINED",
                        2L,
                        "QUARANTINED",
                        3L,
                        "QUARANTINED",
                        4L,
                        "HELD",
                        5L,
                        "RELEASED",
                        6L,
                        "PURGED"),
                states);
        // One of those refused was of this scan: its new state is in the later counts already.
        ScanProgress before = ScanProgress.newBuilder().setRefused(1).build();
        ScanProgress after = ScanProgress.newBuilder().setQuarantined(1).build();
        ScanProgress sum = earlier.added(before, after);
        assertEquals(3, sum.getQuarantined());
        assertEquals(0, sum.getRefused());
        assertEquals(0, sum.getFailed());
    }

    @Test
    void whatStaysRefusedIsToldStill() {
        states.put(1L, "REFUSED");
        EarlierFindings earlier = new EarlierFindings(FindingsGrpc.newBlockingStub(channel), 1);
        earlier.order(ScanMode.QUARANTINE, policy());
        states.put(1L, "REFUSED");
        ScanProgress none = ScanProgress.getDefaultInstance();
        assertEquals(1, earlier.added(none, none).getRefused());
    }
}
