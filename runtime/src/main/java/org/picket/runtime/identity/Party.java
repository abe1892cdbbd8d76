package org.picket.runtime.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Whom a certificate is for: the URI in its subject alternative name, `picket://coordinator` or, of a member,
/// `picket://agent/7`.
///
/// @param kind what it is in the collective
/// @param number the member; 0 for the coordinator
public record Party(Kind kind, long number) {
    /// The coordinator.
    public static final Party COORDINATOR = new Party(Kind.COORDINATOR, 0);

    private static final String SCHEME = "picket://";

    /// What a party is.
    public enum Kind {
        COORDINATOR,
        AGENT,
        CRAWLER,
        ADMINISTRATOR,
        STEWARD;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Party {
        Objects.requireNonNull(kind);
        if (kind == Kind.COORDINATOR ? number != 0 : number < 1) {
            throw new IllegalArgumentException("a member has a positive number, and the coordinator none: " + number);
        }
    }

    /// As it stands in a certificate.
    public String uri() {
        return kind == Kind.COORDINATOR ? SCHEME + kind.word() : SCHEME + kind.word() + "/" + number;
    }

    /// Reads what [#uri] wrote, and nothing else.
    public static Optional<Party> parse(String uri) {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> candidate(kind, uri).stream())
                .filter(party -> party.uri().equals(uri))
                .findFirst();
    }

    private static Optional<Party> candidate(Kind kind, String uri) {
        if (kind == Kind.COORDINATOR) {
            return Optional.of(COORDINATOR);
        }
        String prefix = SCHEME + kind.word() + "/";
        try {
            return uri.startsWith(prefix)
                    ? Optional.of(new Party(kind, Long.parseLong(uri.substring(prefix.length()))))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return kind == Kind.COORDINATOR ? kind.word() : kind.word() + " " + number;
    }
}
