package org.picket.runtime.channel;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a party listens: `host:port`, with brackets around an IPv6 address.
///
/// @param host name or literal address, without brackets
/// @param port 0 chooses a free one, where one listens
public record Address(String host, int port) {
    /// Letters of the longest.
    public static final int MOST_LENGTH = 300;

    private static final int PORTS = 65_536;
    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z0-9._-]{1,255})|\\[([0-9A-Fa-f:.%a-z]{2,64})]):(\\d{1,5})");

    public Address {
        if (host.isBlank() || port < 0 || port >= PORTS) {
            throw new IllegalArgumentException("is no address: " + host + " and " + port);
        }
    }

    /// @throws IllegalArgumentException saying what would be right
    public static Address parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) >= PORTS) {
            throw new IllegalArgumentException("is no address such as picket.example.org:7443 or [2001:db8::1]:7443");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new Address(host, Integer.parseInt(matcher.group(3)));
    }

    /// For a server or a connection.
    public InetSocketAddress socket() {
        return new InetSocketAddress(host, port);
    }

    /// The same host, another port.
    public Address withPort(int other) {
        return new Address(host, other);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
