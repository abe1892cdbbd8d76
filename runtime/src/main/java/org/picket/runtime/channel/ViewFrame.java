package org.picket.runtime.channel;

import java.util.Objects;
import org.picket.proto.limit.Limits;

/// One message of a views stream: what `picket.v1.ViewMessage` says, without the generated class, whose pixels
/// would have to be copied.
public sealed interface ViewFrame {

    /// One view.
    ///
    /// @param ordinal its object, counted from 0 in the lease
    /// @param view which view of the object, from 0
    record Chunk(int ordinal, int view, Pixels pixels) implements ViewFrame {
        public Chunk {
            Objects.requireNonNull(pixels);
            if (ordinal < 0 || view < 0 || view >= Limits.OBJECT_VIEWS) {
                throw new IllegalArgumentException("no such view: ordinal " + ordinal + ", view " + view);
            }
        }
    }

    /// All views of the ordinals `[from, to)` have been sent.
    record Segment(int from, int to) implements ViewFrame {
        public Segment {
            if (from < 0 || to < from) {
                throw new IllegalArgumentException("no such segment: " + from + " to " + to);
            }
        }
    }

    /// The stream is complete.
    ///
    /// @param objects objects of the lease, all together
    record End(int objects) implements ViewFrame {
        public End {
            if (objects < 0) {
                throw new IllegalArgumentException("objects is negative: " + objects);
            }
        }
    }
}
