package org.picket.coordinator.fleet;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bounds what strangers may ask: so many attempts an address (IPv6: a network of 64 bits), and so many of all
/// together, which both grow back with time. Callers of this process are no strangers.
///
/// Safe for any number of threads.
final class AttemptLimit {
    static final int OF_ONE = 20;
    /// A thousand agents that all start anew at once, and a few strangers: a second of a processor.
    static final int OF_ALL = 2_000;
    private static final Duration ONE_BACK_AFTER = Duration.ofSeconds(3);
    private static final int ADDRESSES = 4_096;
    private static final int NETWORK_BYTES = 8;

    private final Bucket all = new Bucket(OF_ALL, ONE_BACK_AFTER.dividedBy(OF_ALL / OF_ONE));
    private final Map<String, Bucket> each = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > ADDRESSES;
        }
    };

    /// Takes one attempt.
    ///
    /// @return whether there was one left
    synchronized boolean take(SocketAddress caller, Instant now) {
        if (!(caller instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return true;
        }
        return each.computeIfAbsent(network(socket.getAddress()), _ -> new Bucket(OF_ONE, ONE_BACK_AFTER))
                        .take(now)
                && all.take(now);
    }

    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }

    /// So many at once, and one more after each span.
    private static final class Bucket {
        private final int most;
        private final Duration oneBackAfter;
        private int left;
        private Instant since = Instant.MIN;

        Bucket(int most, Duration oneBackAfter) {
            this.most = most;
            this.oneBackAfter = oneBackAfter;
        }

        boolean take(Instant now) {
            long back = since.equals(Instant.MIN)
                    ? most
                    : Math.clamp(Duration.between(since, now).dividedBy(oneBackAfter), 0, most);
            if (back > 0) {
                left = (int) Math.min(most, left + back);
                since = left == most ? now : since.plus(oneBackAfter.multipliedBy(back));
            }
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }
}
