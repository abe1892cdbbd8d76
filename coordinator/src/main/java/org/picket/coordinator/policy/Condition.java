package org.picket.coordinator.policy;

import java.util.List;

/// A boolean expression over scores.
public sealed interface Condition {

    /// The concept's score is at least `gte`.
    record ScoreTest(String concept, double gte) implements Condition {}

    /// At least so many members of a named group reach their threshold.
    record GroupTest(String group, int atLeast, List<ScoreTest> members) implements Condition {
        public GroupTest {
            members = List.copyOf(members);
        }
    }

    /// Every part is true.
    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /// At least one part is true.
    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /// No part is true.
    record None(List<Condition> parts) implements Condition {
        public None {
            parts = List.copyOf(parts);
        }
    }
}
