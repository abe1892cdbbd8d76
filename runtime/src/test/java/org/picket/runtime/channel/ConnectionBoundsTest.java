package org.picket.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionBoundsTest {
    private final ConnectionBounds bounds = new ConnectionBounds(2, 3);

    private boolean take(String address) {
        return bounds.take(InetAddress.ofLiteral(address));
    }

    @Test
    void oneAddressLeavesRoomForOthers() {
        assertTrue(take("192.0.2.1"));
        assertTrue(take("192.0.2.1"));
        assertFalse(take("192.0.2.1"));
        assertTrue(take("192.0.2.2"));
        assertFalse(take("192.0.2.3"), "more than all together");
        bounds.give(InetAddress.ofLiteral("192.0.2.1"));
        assertTrue(take("192.0.2.3"));
    }

    @Test
    void networkOf64BitsIsOneAddress() {
        assertTrue(take("2001:db8::1"));
        assertTrue(take("2001:db8::2"));
        assertFalse(take("2001:db8::3"));
        assertTrue(take("2001:db8:0:1::1"));
    }

    @Test
    void whatWasNotTakenTakesNothing() {
        take("192.0.2.1");
        take("192.0.2.1");
        take("192.0.2.1");
        bounds.give(InetAddress.ofLiteral("192.0.2.1"));
        bounds.give(InetAddress.ofLiteral("192.0.2.1"));
        assertTrue(take("192.0.2.1"));
        assertTrue(take("192.0.2.1"));
        assertTrue(take("192.0.2.2"));
    }
}
