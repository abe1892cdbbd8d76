package org.picket.runtime.channel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// How many connections a server has at once: so many of one address (IPv6: of a network of 64 bits), and so
/// many of all. Whoever connects costs memory before anybody knows who that is.
///
/// Safe for any number of threads.
final class ConnectionBounds {
    /// Of one address: members behind one router, with two connections each.
    static final int OF_ONE = 256;

    /// Of all together.
    static final int OF_ALL = 4_096;

    private static final int NETWORK_BYTES = 8;

    private final int ofOne;
    private final int ofAll;
    private final Map<ByteBuffer, Integer> each = new HashMap<>();
    private int all;

    ConnectionBounds(int ofOne, int ofAll) {
        this.ofOne = ofOne;
        this.ofAll = ofAll;
    }

    /// Takes a place.
    ///
    /// @return whether there was one; it is given back by [#give]
    synchronized boolean take(InetAddress from) {
        int there = each.getOrDefault(network(from), 0);
        if (all >= ofAll || there >= ofOne) {
            return false;
        }
        each.put(network(from), there + 1);
        all++;
        return true;
    }

    /// Gives a place back that was taken.
    synchronized void give(InetAddress from) {
        all--;
        each.computeIfPresent(network(from), (_, there) -> there == 1 ? null : there - 1);
    }

    private static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
