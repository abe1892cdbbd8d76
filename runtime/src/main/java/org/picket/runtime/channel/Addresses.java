package org.picket.runtime.channel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where servers are that are as good as each other: `host:port`, or several with commas between them.
///
/// @param each 1 to [#MOST], no two alike
public record Addresses(List<Address> each) {
    /// The most.
    public static final int MOST = 8;

    /// Letters of the longest.
    public static final int MOST_LENGTH = MOST * (Address.MOST_LENGTH + 1);

    public Addresses {
        each = List.copyOf(each);
        if (each.isEmpty() || each.size() > MOST || each.stream().distinct().count() < each.size()) {
            throw new IllegalArgumentException("is none or more than " + MOST + " addresses, or names one twice");
        }
    }

    /// One alone.
    public static Addresses of(Address one) {
        return new Addresses(List.of(one));
    }

    /// @throws IllegalArgumentException saying what would be right
    public static Addresses parse(String text) {
        return new Addresses(
                Stream.of(text.strip().split(",", MOST + 1)).map(Address::parse).toList());
    }

    /// The same in a random order, so that not all go to the first.
    public Addresses shuffled() {
        List<Address> order = new ArrayList<>(each);
        Collections.shuffle(order);
        return new Addresses(order);
    }

    /// As it is parsed.
    @Override
    public String toString() {
        return each.stream().map(Address::toString).collect(Collectors.joining(","));
    }
}
