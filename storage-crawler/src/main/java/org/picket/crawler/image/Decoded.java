package org.picket.crawler.image;

import java.util.List;
import org.picket.proto.limit.Limits;

/// What became of an object.
public sealed interface Decoded {

    /// All views of the object, in their order: frame by frame; within a frame over white, then, if any pixel
    /// is transparent, over black; within each tile by tile from the left or the top. At least one, at most
    /// [#MAX_VIEWS].
    record Views(Format format, List<View> views) implements Decoded {
        public Views {
            views = List.copyOf(views);
            if (views.isEmpty() || views.size() > MAX_VIEWS) {
                throw new IllegalArgumentException(
                        "a decoded object has 1 to " + MAX_VIEWS + " views, not " + views.size());
            }
        }
    }

    /// The object has no views.
    ///
    /// @param detail a fixed phrase in lower case that refines the reason; holds nothing of the object
    record Undecodable(Reason reason, String detail) implements Decoded {}

    /// See [FrameChoice].
    int MAX_VIEWS = Limits.OBJECT_VIEWS;
}
