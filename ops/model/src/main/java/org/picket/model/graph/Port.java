package org.picket.model.graph;

import java.util.List;
import java.util.Optional;

/// An input or output of a model.
///
/// @param name of the value
/// @param type empty where it is none that we can feed
/// @param shape sides; [#FREE] where a side is not fixed; empty list where the export does not say
public record Port(String name, Optional<ElementType> type, List<Long> shape) {
    /// A side that is not fixed.
    public static final long FREE = -1;

    public Port {
        shape = List.copyOf(shape);
    }

    /// The size of one axis where it is fixed.
    public Optional<Long> side(int axis) {
        return axis < shape.size() && shape.get(axis) >= 0 ? Optional.of(shape.get(axis)) : Optional.empty();
    }

    /// For a person: `pixel_values float [?, 3, 224, 224]`.
    public String inWords() {
        List<String> sides = shape.stream()
                .map(side -> side == FREE ? "?" : String.valueOf(side))
                .toList();
        return name
                + type.map(known -> " " + known.name().toLowerCase(java.util.Locale.ROOT))
                        .orElse("") + " [" + String.join(", ", sides) + "]";
    }
}
