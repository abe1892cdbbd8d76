package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.proto.circle.Circle;
import org.picket.proto.v1.Role;

class InviteTermsTest {
    private static InviteTerms of(Role role, String owner, String circle) {
        return InviteTerms.of(role, owner, Optional.of(circle).filter(text -> !text.isEmpty()));
    }

    private static String fault(Role role, String owner, String circle) {
        return assertThrows(UsageFault.class, () -> of(role, owner, circle)).getMessage();
    }

    @Test
    void crawlerIsInvitedForTheCircleOfItsStorages() {
        InviteTerms terms = of(Role.CRAWLER, "example.org", "own, region:eu");
        Circle circle = Circle.parse(List.of("own", "region:eu"));
        assertEquals(circle, Circle.of(terms.request().getCircle()));
        assertEquals("example.org", terms.request().getOwner());
        assertTrue(
                terms.said().getFirst().contains("this circle alone: own,region:eu"),
                () -> terms.said().toString());
        assertFalse(of(Role.CRAWLER, "example.org", "").request().hasCircle());
        assertTrue(of(Role.CRAWLER, "example.org", "everyone").said().getFirst().startsWith("agents of every"));
    }

    @Test
    void agentIsInvitedAsOneWhomCirclesFind() {
        InviteTerms terms = of(Role.AGENT, "", "operator:alice,region:eu");
        assertEquals("alice", terms.request().getOwner());
        assertEquals("eu", terms.request().getRegion());
        assertFalse(terms.request().hasCircle(), "it is of circles, and has none");
        assertEquals(terms, of(Role.AGENT, "alice", "region:eu"));
        assertEquals(terms, of(Role.AGENT, "alice", "region:eu,operator:alice"));
        assertTrue(of(Role.AGENT, "alice", "").request().getRegion().isEmpty());
    }

    @Test
    void whatAnAgentCannotBeIsTold() {
        for (String circle : List.of("own", "everyone", "region:eu,region:us", "operator:a,operator:b")) {
            assertTrue(fault(Role.AGENT, "", circle).contains("one region:NAME, one operator:NAME"), circle);
        }
        assertTrue(fault(Role.AGENT, "alice", "agent:00112233445566778899aabbccddeeff")
                .contains("its key is made when it joins"));
        assertTrue(fault(Role.AGENT, "alice", "operator:bob").contains("two operators"));
        assertTrue(fault(Role.AGENT, "alice", "eu").contains("\"eu\" is not own, operator:NAME"));
        assertTrue(fault(Role.AGENT, "", "region:eu").contains("--for NAME"));
    }

    @Test
    void adminIsOfNoCircle() {
        assertTrue(fault(Role.ADMINISTRATOR, "example.org", "own").contains("sees no pictures"));
        assertTrue(fault(Role.ADMINISTRATOR, "", "").contains("--for NAME"));
        assertTrue(of(Role.ADMINISTRATOR, "example.org", "").said().isEmpty());
    }
}
