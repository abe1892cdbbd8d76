package org.picket.crawler.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.grpc.Status;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.proto.circle.Circle;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.OpenViewsRequest;
import org.picket.proto.v1.TicketStatement;

class DoorTest {
    private static final SigningKey COORDINATOR = SigningKey.generate(new SecureRandom());
    private static final SigningKey AGENT = SigningKey.generate(new SecureRandom());

    private static OpenViewsRequest sealed(SigningKey by, Message statement) {
        return OpenViewsRequest.newBuilder()
                .setTicket(by.seal(SealKind.TICKET, statement))
                .build();
    }

    private static OpenViewsRequest of(String operator, String region) {
        return sealed(
                COORDINATOR,
                TicketStatement.newBuilder()
                        .setAgentKeyId(AGENT.verifyingKey().id().bytes())
                        .setAgentOperator(operator)
                        .setAgentRegion(region)
                        .build());
    }

    private static Door door(String... entries) {
        return new Door(Circle.parse(List.of(entries)), "site.example", Optional.of(COORDINATOR.verifyingKey()));
    }

    private static void refused(Optional<Status> refusal) {
        assertEquals(Optional.of(Status.Code.PERMISSION_DENIED), refusal.map(Status::getCode));
    }

    @Test
    void agentsOfTheCircleAreLetIn() {
        assertTrue(door("operator:alice").refusal(of("alice", "")).isEmpty());
        assertTrue(door("region:eu").refusal(of("bob", "eu")).isEmpty());
        assertTrue(door("own").refusal(of("site.example", "")).isEmpty());
        assertTrue(door("agent:" + AGENT.verifyingKey().id())
                .refusal(of("mallory", ""))
                .isEmpty());
        assertTrue(Door.OPEN.refusal(of("anybody", "")).isEmpty());
    }

    /// A coordinator that grants what the site did not allow is not obeyed.
    @Test
    void grantedLeaseOfAnAgentOutsideTheCircleIsRefused() {
        refused(door("own").refusal(of("alice", "eu")));
        refused(door("operator:alice").refusal(of("bob", "eu")));
        refused(door("region:us").refusal(of("alice", "eu")));
        refused(door("own").refusal(of("", "")));
    }

    @Test
    void siteThatWasNotToldItsNameHasNoAgentsOfItsOwn() {
        Door nameless = new Door(Circle.parse(List.of("own")), "", Optional.of(COORDINATOR.verifyingKey()));
        refused(nameless.refusal(of("", "")));
    }

    @Test
    void agentThatWritesItsTicketItselfIsRefused() {
        refused(door("operator:alice")
                .refusal(sealed(
                        AGENT,
                        TicketStatement.newBuilder()
                                .setAgentKeyId(AGENT.verifyingKey().id().bytes())
                                .setAgentOperator("alice")
                                .build())));
        refused(door("operator:alice").refusal(OpenViewsRequest.getDefaultInstance()));
    }

    @Test
    void ticketOfALaterVersionWithoutAKeyIsRefused() {
        refused(door("operator:alice")
                .refusal(sealed(
                        COORDINATOR,
                        TicketStatement.newBuilder().setAgentOperator("alice").build())));
    }
}
