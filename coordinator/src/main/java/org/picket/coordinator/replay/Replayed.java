package org.picket.coordinator.replay;

import java.util.List;
import java.util.Optional;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.id.FindingId;

/// What another policy would make of one storage's stored scores.
///
/// @param identity of the storage
/// @param result what came of it
public record Replayed(String identity, Result result) {

    /// What came of a storage.
    public sealed interface Result {}

    /// It cannot be replayed.
    ///
    /// @param why for people, with what can be done
    public record Impossible(String why) implements Result {}

    /// It was replayed.
    ///
    /// @param inForce the policy that it is compared with
    /// @param coverage which objects that speaks for
    /// @param diff of the rulings by scores
    /// @param findings those that stand and would not stand so
    public record Compared(Policy inForce, Coverage coverage, Diff diff, ChangedFindings findings) implements Result {}

    /// Which objects have stored scores. Scores of objects that are gone since, or changed, count as well.
    ///
    /// @param scored objects with scores
    /// @param listed by the newest whole listing; empty where there is none
    /// @param unreadable of these, those of which no view could be made
    /// @param complete whether that listing has come to its end
    public record Coverage(long scored, Optional<Long> listed, long unreadable, boolean complete) {
        /// Listed objects without scores of their own besides the unreadable ones: copies of content that was
        /// scored once, and what a list decides.
        public long others() {
            return Math.max(0, listed.orElse(scored) - scored - unreadable);
        }
    }

    /// How rulings by scores differ, in objects.
    ///
    /// @param before of the policy in force
    /// @param after of the other one
    /// @param otherCategory flagged by both, and called otherwise
    /// @param otherRule flagged by both in one category, by another rule
    /// @param rules in the order of the policy in force, then those that only the other one has
    public record Diff(
            Outcomes before,
            Outcomes after,
            long newlyFlagged,
            long noLongerFlagged,
            long otherCategory,
            long otherRule,
            List<RuleCount> rules) {
        public Diff {
            rules = List.copyOf(rules);
        }
    }

    /// @param waiting of the inconclusive ones, those that a further bundle has to score
    public record Outcomes(long cleared, long flagged, long inconclusive, long waiting) {}

    /// Objects that a rule decides.
    public record RuleCount(String id, long before, long after) {}

    /// Findings that stand by hash lists.
    ///
    /// @param count all of them
    /// @param unlisted the first [Replay#FINDINGS_NAMED] that a list of the policy in force calls for, and
    ///     none of the other policy
    /// @param unlistedCount all of these
    public record ByLists(long count, List<FindingId> unlisted, long unlistedCount) {
        public ByLists {
            unlisted = List.copyOf(unlisted);
        }
    }

    /// Findings that stand, and what becomes of them.
    ///
    /// @param noLonger the first [Replay#FINDINGS_NAMED] that would not be flagged
    /// @param otherCategory the first ones that would be called otherwise
    /// @param noLongerCount all of them
    /// @param otherCategoryCount all of them
    /// @param byLists those that hash lists call for, which are in none of the others
    public record ChangedFindings(
            List<FindingId> noLonger,
            long noLongerCount,
            List<FindingId> otherCategory,
            long otherCategoryCount,
            ByLists byLists) {
        public ChangedFindings {
            noLonger = List.copyOf(noLonger);
            otherCategory = List.copyOf(otherCategory);
        }
    }
}
