package org.picket.coordinator.hashlist;

import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.coordinator.policy.ListRule;
import org.picket.proto.v1.ListKind;

/// What holds for all entries of a list.
///
/// @param kind whether being on it clears or flags
/// @param source who made it
/// @param category of findings; empty for an allow list
/// @param trust 1: matches may be acted upon without a person; 2 and 3, of deny lists: they are only shown
/// @param maxDistance PDQ: bits, 0 to 31
/// @param minQuality PDQ: pictures of less match nothing, 0 to 100
public record ListTerms(Kind kind, String source, String category, int trust, int maxDistance, int minQuality) {
    /// Bits of distance within which PDQ matches, unless told otherwise.
    public static final int STANDARD_DISTANCE = 31;

    /// Quality of a picture from which on PDQ matches, unless told otherwise.
    public static final int STANDARD_QUALITY = 50;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final int LEAST_TRUST = 3;
    private static final int BEST_QUALITY = 100;

    /// What being on a list means.
    public enum Kind {
        ALLOW(1),
        DENY(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind ofCode(int code) {
            return code == ALLOW.code ? ALLOW : DENY;
        }
    }

    /// Why it cannot be; empty where it can.
    public Optional<String> fault() {
        if (!NAME.matcher(source).matches()) {
            return Optional.of("a list's source is made of lower-case letters, digits, '.', '_' and '-'"
                    + " (64 characters at most)");
        }
        if (kind == Kind.DENY ? !NAME.matcher(category).matches() : !category.isEmpty()) {
            return Optional.of(
                    kind == Kind.DENY
                            ? "a deny list needs a category of lower-case letters, digits, '.', '_' and '-'"
                            : "an allow list has no category: nothing is found by it");
        }
        if (trust < 1 || trust > LEAST_TRUST) {
            return Optional.of("trust is 1 to " + LEAST_TRUST);
        }
        if (kind == Kind.ALLOW && trust != ListRule.ACTING_TRUST) {
            return Optional.of("an allow list has trust " + ListRule.ACTING_TRUST
                    + ": what it names is cleared without a look, so import none that is trusted less");
        }
        if (maxDistance < 0 || maxDistance > STANDARD_DISTANCE) {
            return Optional.of("a PDQ distance is 0 to " + STANDARD_DISTANCE + " bits");
        }
        return minQuality < 0 || minQuality > BEST_QUALITY
                ? Optional.of("a PDQ quality is 0 to " + BEST_QUALITY)
                : Optional.empty();
    }

    static Optional<ListTerms> of(org.picket.proto.v1.ListTerms wire) {
        return switch (wire.getKind()) {
            case ALLOW -> Optional.of(of(Kind.ALLOW, wire));
            case DENY -> Optional.of(of(Kind.DENY, wire));
            case LIST_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static ListTerms of(Kind kind, org.picket.proto.v1.ListTerms wire) {
        return new ListTerms(
                kind,
                wire.getSource(),
                wire.getCategory(),
                wire.getTrust(),
                wire.getMaxDistance(),
                wire.getMinQuality());
    }

    org.picket.proto.v1.ListTerms wire() {
        return org.picket.proto.v1.ListTerms.newBuilder()
                .setKind(kind == Kind.ALLOW ? ListKind.ALLOW : ListKind.DENY)
                .setSource(source)
                .setCategory(category)
                .setTrust(trust)
                .setMaxDistance(maxDistance)
                .setMinQuality(minQuality)
                .build();
    }
}
