package org.picket.crawler.source;

import java.util.List;
import java.util.Map;

/// What the last listing could not name: complete counts, and the first few places. Nothing in a storage is
/// passed over without a count here.
///
/// @param counts places by kind; a kind without places is absent
/// @param first at most [#MAX_PLACES] places
public record Gaps(Map<Gap.Kind, Long> counts, List<Gap> first) {

    /// How many places are kept by name.
    public static final int MAX_PLACES = 64;

    /// No gap at all.
    public static final Gaps NONE = new Gaps(Map.of(), List.of());

    public Gaps {
        counts = Map.copyOf(counts);
        first = List.copyOf(first);
        if (first.size() > MAX_PLACES) {
            throw new IllegalArgumentException("more than " + MAX_PLACES + " places");
        }
    }

    /// How many places are of `kind`.
    public long count(Gap.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /// Places that hold, or may hold, objects nobody looked at: everything but links and special files.
    public long unseen() {
        return counts.entrySet().stream()
                .filter(entry -> switch (entry.getKey()) {
                    case UNREADABLE_NAME,
                            UNREADABLE_DIRECTORY,
                            UNREADABLE_ATTRIBUTES,
                            TOO_DEEP,
                            KEY_TOO_LONG,
                            PRIVATE_PLACE -> true;
                    case SYMBOLIC_LINK, SPECIAL_FILE -> false;
                })
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
