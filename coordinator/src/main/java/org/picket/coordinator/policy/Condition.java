package org.picket.coordinator.policy;

import java.util.List;

/// A boolean expression over scores. Thresholds are ready: tiers, prefixes and interpolation are worked out.
public sealed interface Condition {

    /// The concept's score is at least `gte`.
    record ScoreTest(String concept, double gte) implements Condition {}

    /// The score of a further bundle's concept is at least `gte`. Neither this nor its opposite is true of an
    /// object that the bundle has not scored.
    record FurtherTest(String bundle, String concept, double gte) implements Condition {}

    /// At least so many members of a named group reach their threshold.
    record GroupTest(String group, int atLeast, List<ScoreTest> members) implements Condition {
        public GroupTest {
            members = List.copyOf(members);
        }
    }

    /// Members of a named group that reach a threshold count at least so much together. Each counts by the
    /// step that counts most among those that it reaches; of members of one set, the one that counts most is
    /// counted alone.
    ///
    /// @param members those of one set stand together
    record CountTest(String group, int atLeast, List<Counted> members) implements Condition {
        public CountTest {
            members = List.copyOf(members);
        }
    }

    /// A member that counts.
    ///
    /// @param steps by what they count, most first
    /// @param set members with the same number exclude each other
    record Counted(String concept, List<Step> steps, int set) {
        public Counted {
            steps = List.copyOf(steps);
        }

        /// What it counts at most.
        public int most() {
            return steps.getFirst().counts();
        }
    }

    /// From this score on a member counts so much.
    record Step(double gte, int counts) {}

    /// A context: a condition with a name.
    record Named(String context, Condition when) implements Condition {}

    /// Both are true; the gate is looked at first.
    record Gated(Condition gate, Condition then) implements Condition {}

    /// One or the other, as a context holds or does not.
    record Either(Condition when, Condition then, Condition otherwise) implements Condition {}

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
