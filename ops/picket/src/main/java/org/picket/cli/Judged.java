package org.picket.cli;

import java.util.Optional;

/// What came of one labelled picture.
sealed interface Judged {
    LabelledPicture picture();

    /// It was scored.
    ///
    /// @param scores in fixed point, view after view
    /// @param views how many
    /// @param rule that flagged it; empty: none did
    /// @param undecided why the policy neither flags nor clears it; empty: it does
    record Scored(LabelledPicture picture, short[] scores, int views, Optional<String> rule, Optional<String> undecided)
            implements Judged {
        /// The highest score of a concept over all views: what a rule sees.
        short highest(int concept) {
            int concepts = scores.length / views;
            int highest = Short.MIN_VALUE;
            for (int view = 0; view < views; view++) {
                highest = Math.max(highest, scores[view * concepts + concept]);
            }
            return (short) highest;
        }
    }

    /// It has no scores, and counts as neither right nor wrong.
    ///
    /// @param reason in a word or two
    record Apart(LabelledPicture picture, String reason) implements Judged {}
}
