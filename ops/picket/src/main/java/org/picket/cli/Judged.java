package org.picket.cli;

import java.util.Optional;
import org.picket.proto.seal.Digest;

/// What came of one labelled picture.
sealed interface Judged {
    LabelledPicture picture();

    /// SHA-256 of its file; empty where that was not read.
    Optional<Digest> content();

    /// It was scored, and ruled by its scores, whatever lists say of it.
    ///
    /// @param scores in fixed point, view after view
    /// @param views how many
    /// @param rule that flagged it; empty: none did
    /// @param undecided why the policy neither flags nor clears it; empty: it does
    /// @param listed whether a list of the policy has it, which decides in a scan
    record Scored(
            LabelledPicture picture,
            Optional<Digest> content,
            short[] scores,
            int views,
            Optional<String> rule,
            Optional<String> undecided,
            boolean listed)
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

    /// It has no scores, or must not count, and so is neither right nor wrong.
    ///
    /// @param reason in a word or two
    record Apart(LabelledPicture picture, Optional<Digest> content, String reason) implements Judged {}
}
