package org.picket.coordinator.ruling;

import java.util.List;
import java.util.Optional;

/// Why a policy decides about one object as it does, rule by rule.
///
/// @param decision what its rules come to
/// @param views of the object
/// @param viewsNeeded on how many views a rule must hold; 0: rules see the highest scores of all views
/// @param adjustments all that the policy has
/// @param rules all that the policy has, in their order
public record Explanation(
        Decision decision, int views, int viewsNeeded, List<Adjusted> adjustments, List<ExplainedRule> rules) {
    /// Members told of one group: those nearest to their thresholds.
    public static final int MEMBERS_TOLD = 64;

    public Explanation {
        adjustments = List.copyOf(adjustments);
        rules = List.copyOf(rules);
    }

    /// What became of an adjustment.
    ///
    /// @param add what it adds to the scores of `concepts`
    /// @param holds whether it did
    /// @param why its condition
    public record Adjusted(List<String> concepts, double add, boolean holds, Node why) {
        public Adjusted {
            concepts = List.copyOf(concepts);
        }
    }

    /// What became of a rule.
    ///
    /// @param view the view that is told of, from 1 on; 0: the highest scores of all views
    /// @param held views on which it holds, where it is held against each alone
    public record ExplainedRule(String id, String category, Standing standing, int view, int held, Node why) {

        /// How a rule came out.
        public enum Standing {
            HOLDS,
            /// It would with its thresholds moved by its `near`.
            NEARLY,
            /// It depends on a further bundle's scores, which are not there.
            WAITS,
            DOES_NOT
        }
    }

    /// One condition.
    ///
    /// @param what it is: a concept, or what it makes of its parts
    /// @param holds whether it is true
    /// @param test of a score, where it is one
    /// @param parts in the order of the text; those of a group with the nearest to its threshold first
    /// @param untold members of a group that are left out
    public record Node(String what, boolean holds, Optional<Test> test, List<Node> parts, int untold) {
        public Node {
            parts = List.copyOf(parts);
        }
    }

    /// A score against its threshold.
    ///
    /// @param score as the rule saw it
    /// @param added what adjustments added to it
    /// @param view that it comes from, from 1 on
    /// @param counts what it counts in its group, 1 unless that is weighted; 0 where another counts in its place
    public record Test(double score, double added, double threshold, int view, int counts) {}
}
