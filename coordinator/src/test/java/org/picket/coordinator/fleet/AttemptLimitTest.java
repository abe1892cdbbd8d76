package org.picket.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final AttemptLimit limit = new AttemptLimit();

    private static SocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 1_000);
    }

    private int taken(SocketAddress caller, int attempts, Instant now) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += limit.take(caller, now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void oneAddressHasSoManyAttemptsAndGetsThemBack() {
        assertEquals(AttemptLimit.OF_ONE, taken(at("192.0.2.1"), 100, NOW));
        assertTrue(limit.take(at("192.0.2.2"), NOW));
        assertFalse(limit.take(at("192.0.2.1"), NOW.plusSeconds(2)));
        assertEquals(1, taken(at("192.0.2.1"), 100, NOW.plusSeconds(3)));
        assertEquals(AttemptLimit.OF_ONE, taken(at("192.0.2.1"), 100, NOW.plus(Duration.ofDays(400))));
    }

    @Test
    void oneNetworkOfTheNewProtocolIsOneAddress() {
        assertEquals(10, taken(at("2001:db8::1"), 10, NOW));
        assertEquals(AttemptLimit.OF_ONE - 10, taken(at("2001:db8::2"), 100, NOW));
        assertEquals(AttemptLimit.OF_ONE, taken(at("2001:db8:0:1::1"), 100, NOW));
    }

    @Test
    void allTogetherHaveSoManyToo() {
        int taken = 0;
        for (int i = 0; i < 5_000; i++) {
            taken += limit.take(at("10.0." + i / 250 + "." + i % 250), NOW) ? 1 : 0;
        }
        assertEquals(AttemptLimit.OF_ALL, taken);
    }

    @Test
    void callersWithinTheProcessAreNoStrangers() {
        assertEquals(1_000, taken(new SocketAddress() {}, 1_000, NOW));
    }
}
