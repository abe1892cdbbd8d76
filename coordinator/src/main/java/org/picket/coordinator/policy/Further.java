package org.picket.coordinator.policy;

import java.util.List;

/// A second look by another bundle, for objects that meet a condition.
///
/// @param bundle its name
/// @param concepts what it tells
/// @param when true of the first bundle's scores
public record Further(String bundle, List<String> concepts, Condition when) {
    public Further {
        concepts = List.copyOf(concepts);
    }
}
