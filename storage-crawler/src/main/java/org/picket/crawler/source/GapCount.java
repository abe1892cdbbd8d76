package org.picket.crawler.source;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Counts gaps during one walk. Not safe for several threads.
final class GapCount {

    private final Map<Gap.Kind, Long> counts = new EnumMap<>(Gap.Kind.class);
    private final List<Gap> first = new ArrayList<>();

    void add(String where, Gap.Kind kind) {
        counts.merge(kind, 1L, Long::sum);
        if (first.size() < Gaps.MAX_PLACES) {
            first.add(new Gap(where, kind));
        }
    }

    Gaps gaps() {
        return new Gaps(counts, first);
    }
}
