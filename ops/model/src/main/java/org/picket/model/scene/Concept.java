package org.picket.model.scene;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a synthetic picture may show; the stand-in bundle scores each, in this order.
public enum Concept {
    LIGHTHOUSE,
    SNOW,
    NIGHT,
    DRAWING;

    /// The name of this concept's score.
    public String scoreName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The names of all scores, in order.
    public static List<String> names() {
        return Arrays.stream(values()).map(Concept::scoreName).toList();
    }
}
