package org.picket.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PersonNameTest {
    @Test
    void callerIsItsOwnWord() {
        assertEquals("alice", PersonName.of("alice", ""));
        assertEquals("alice", PersonName.of("alice", " alice "));
        assertEquals("alice", PersonName.of(" ", "alice"));
        assertEquals("", PersonName.of("", " "));
    }

    @Test
    void anotherNameIsTheCallersWord() {
        assertEquals("bob, as alice said", PersonName.of("alice", "bob"));
    }

    @Test
    void longNameDoesNotPushTheCallersOut() {
        String name = PersonName.of("alice", "b".repeat(300));
        assertEquals(PersonName.MOST, name.length());
        assertEquals(", as alice said", name.substring(name.indexOf(',')));
        assertEquals("a".repeat(PersonName.MOST), PersonName.of("a".repeat(300), "bob"));
        assertEquals(
                "a".repeat(PersonName.MOST - 1), PersonName.of("a".repeat(PersonName.MOST - 1) + "\ud83d\ude00", ""));
        assertEquals("a b", PersonName.of("a\0b", ""));
    }
}
