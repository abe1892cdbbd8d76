package org.picket.agent.inference;

import java.util.List;

/// What came of one run.
public sealed interface Inference {
    /// Scores of every view of the batch in fixed point: `q / 16384`, view by view, concepts in the bundle's
    /// order.
    ///
    /// @param fixed `views * concepts` values
    /// @param views in the batch
    /// @param concepts per view
    record Scored(short[] fixed, int views, int concepts) implements Inference {
        /// The fixed-point score of one view and concept.
        public short at(int view, int concept) {
            return fixed[view * concepts + concept];
        }
    }

    /// Some views have scores that are no numbers. None of the batch's scores is given: the caller may run the
    /// others again without them.
    ///
    /// @param views their places in the batch, in order, never empty
    record NotFinite(List<Integer> views) implements Inference {
        public NotFinite {
            views = List.copyOf(views);
        }
    }

    /// The runtime failed.
    ///
    /// @param reason the runtime's words
    record Broken(String reason) implements Inference {}
}
