package org.picket.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartyTest {
    @Test
    void partiesAreReadAsTheyWereWritten() {
        for (Party party : List.of(
                Party.COORDINATOR, new Party(Party.Kind.AGENT, 7), new Party(Party.Kind.STEWARD, Long.MAX_VALUE))) {
            assertEquals(Optional.of(party), Party.parse(party.uri()));
        }
        assertEquals("picket://crawler/3", new Party(Party.Kind.CRAWLER, 3).uri());
    }

    @Test
    void nothingElseIsRead() {
        for (String uri : List.of(
                "",
                "picket://agent",
                "picket://agent/",
                "picket://agent/0",
                "picket://agent/-1",
                "picket://agent/07",
                "picket://agent/+7",
                "picket://agent/7/",
                "picket://Agent/7",
                "picket://coordinator/1",
                "https://agent/7",
                "picket://agent/99999999999999999999")) {
            assertEquals(Optional.empty(), Party.parse(uri), uri);
        }
        assertThrows(IllegalArgumentException.class, () -> new Party(Party.Kind.AGENT, 0));
    }
}
