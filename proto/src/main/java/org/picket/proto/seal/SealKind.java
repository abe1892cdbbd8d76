package org.picket.proto.seal;

import java.nio.charset.StandardCharsets;

/// What a sealed statement is. The kind is signed along with it, so that a signature made for one purpose never
/// serves another.
public enum SealKind {
    ENROLMENT("enrolment"),
    TICKET("ticket"),
    VERDICT("verdict"),
    ORDER("order"),
    RECEIPT("receipt"),
    RENEWAL("renewal"),
    RELAY_KEY("relay-key"),
    ARTIFACT("artifact");

    private final byte[] prefix;

    SealKind(String name) {
        prefix = ("picket/v1/" + name + "\0").getBytes(StandardCharsets.UTF_8);
    }

    byte[] prefix() {
        return prefix;
    }
}
