package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.Fence;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.Preprocessing;
import org.picket.proto.v1.ResolveRequest;
import org.picket.proto.v1.ResolveResponse;
import org.picket.proto.v1.Sealed;
import org.picket.proto.v1.SuppliesGrpc;
import org.picket.proto.v1.TicketStatement;
import org.picket.runtime.channel.ChannelSettings;
import org.picket.runtime.channel.Channels;
import org.picket.runtime.channel.Servers;

class SupplyClientsTest {
    private final List<Coordinator> coordinators = List.of(new Coordinator(1), new Coordinator(2), new Coordinator(3));
    private final List<Runnable> open = new ArrayList<>();
    private SupplyClients clients;

    /// Honours tickets of its own term alone.
    private static final class Coordinator extends SuppliesGrpc.SuppliesImplBase {
        private volatile long term;
        private volatile boolean away;
        private volatile int asked;

        Coordinator(long term) {
            this.term = term;
        }

        @Override
        public void resolve(ResolveRequest request, StreamObserver<ResolveResponse> answer) {
            asked++;
            if (away) {
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
            } else if (term(request.getTicket()) != term) {
                answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
            } else {
                answer.onNext(ResolveResponse.newBuilder()
                        .setPreprocessing(Preprocessing.newBuilder().setVersion(Limits.PREPROCESSING_VERSION))
                        .setFirstKey("of " + term)
                        .build());
                answer.onCompleted();
            }
        }

        private static long term(Sealed ticket) {
            try {
                return TicketStatement.parseFrom(ticket.getStatement())
                        .getFence()
                        .getTerm();
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void start() {
        List<SupplyClient> each = new ArrayList<>();
        for (Coordinator coordinator : coordinators) {
            String name = "supply-clients-" + coordinator.term;
            Server server =
                    Servers.inProcess(name, ChannelSettings.DEFAULT, List.of(coordinator.bindService()), List.of());
            ManagedChannel channel = Channels.inProcess(name, ChannelSettings.DEFAULT, List.of());
            open.add(server::shutdownNow);
            open.add(channel::shutdownNow);
            each.add(new SupplyClient(
                    SuppliesGrpc.newBlockingStub(channel), SupplyFixture.QUICK, SupplyFixture.SETTINGS));
        }
        clients = new SupplyClients(each, SupplyFixture.QUICK);
    }

    @AfterEach
    void end() {
        open.reversed().forEach(Runnable::run);
    }

    private static OpenViewsRequest ticket(long term) {
        return OpenViewsRequest.newBuilder()
                .setTicket(Sealed.newBuilder()
                        .setStatement(TicketStatement.newBuilder()
                                .setFence(Fence.newBuilder().setTerm(term))
                                .build()
                                .toByteString()))
                .build();
    }

    @Test
    void leaseIsServedForTheCoordinatorThatKeepsIt() {
        for (long term : List.of(3L, 1L, 2L, 3L, 3L)) {
            SupplyClients.Honoured honoured = clients.resolve(ticket(term), Optional.empty());
            assertEquals("of " + term, honoured.terms().first());
            assertEquals(clients.at((int) term - 1), honoured.keeper());
        }
        // Two of term 3 went there at once.
        assertEquals(3, coordinators.getFirst().asked);
    }

    @Test
    void whereItIsKnownWhoKeepsItNobodyElseIsAsked() {
        clients.resolve(ticket(2), Optional.of(clients.at(1)));
        assertEquals(0, coordinators.getFirst().asked);
        assertThrows(StatusRuntimeException.class, () -> clients.resolve(ticket(2), Optional.of(clients.at(0))));
    }

    @Test
    void ticketOfNobodyIsRefusedAtOnceUnlessOneIsAway() {
        assertEquals(Status.Code.FAILED_PRECONDITION, refusal(9));
        assertEquals(1, coordinators.getFirst().asked);
        coordinators.get(1).away = true;
        assertEquals(Status.Code.UNAVAILABLE, refusal(9));
        assertEquals(1 + SupplyFixture.QUICK.most(), coordinators.getFirst().asked);
    }

    @Test
    void afterManyStartsItIsStillLearnedWhoKeepsWhat() {
        Coordinator last = coordinators.getLast();
        for (int start = 0; start < 2 * SupplyClients.REMEMBERED; start++) {
            last.term = 100 + start;
            clients.resolve(ticket(last.term), Optional.empty());
        }
        int asked = coordinators.getFirst().asked;
        clients.resolve(ticket(last.term), Optional.empty());
        assertEquals(asked, coordinators.getFirst().asked);
    }

    private Status.Code refusal(long term) {
        return assertThrows(StatusRuntimeException.class, () -> clients.resolve(ticket(term), Optional.empty()))
                .getStatus()
                .getCode();
    }
}
