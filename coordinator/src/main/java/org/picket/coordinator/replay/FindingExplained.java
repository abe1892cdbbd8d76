package org.picket.coordinator.replay;

import java.util.List;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.Explanation;
import org.picket.proto.id.FindingId;
import org.picket.proto.seal.Digest;

/// Why a finding is one.
public sealed interface FindingExplained {

    /// By its scores, rule by rule.
    ///
    /// @param category and rule by which it was found
    /// @param copy whether the scores are those of another copy of the same content
    /// @param policy in force, by which it is explained
    /// @param changed whether it was found under other terms than those in force
    /// @param bundles that have scored it, the first one first
    record ByScores(
            FindingId id,
            String category,
            String rule,
            boolean copy,
            Policy policy,
            boolean changed,
            List<Scorer> bundles,
            Explanation explanation)
            implements FindingExplained {
        public ByScores {
            bundles = List.copyOf(bundles);
        }
    }

    /// A bundle that has scored.
    ///
    /// @param digest SHA-256 of its manifest
    record Scorer(String name, Digest digest) {}

    /// By a list of known content: no score was asked.
    ///
    /// @param list its id
    record ByList(FindingId id, String category, String list) implements FindingExplained {}

    /// There is such a finding, and no more can be told of it.
    ///
    /// @param why for people, with what can be done
    record Unexplained(FindingId id, String category, String rule, String why) implements FindingExplained {}

    /// There is no such finding.
    record Unknown(FindingId id) implements FindingExplained {}
}
