package org.picket.crawler.image;

import java.util.List;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Reason;
import org.picket.crawler.match.Fingerprint;
import org.picket.proto.limit.Limits;

/// What became of an object.
public sealed interface Decoded {

    /// All views of the object, in their order: frame by frame; within a frame over white, then, if any pixel
    /// is transparent, over black; within each tile by tile from the left or the top. At least one, at most
    /// [#MAX_VIEWS].
    ///
    /// @param fingerprints one of each picture that was looked at, where they were asked for
    record Views(Format format, List<View> views, List<Fingerprint> fingerprints) implements Decoded {
        public Views {
            views = List.copyOf(views);
            fingerprints = List.copyOf(fingerprints);
            if (views.isEmpty() || views.size() > MAX_VIEWS) {
                throw new IllegalArgumentException(
                        "a decoded object has 1 to " + MAX_VIEWS + " views, not " + views.size());
            }
        }
    }

    /// The object has no views.
    ///
    /// @param detail a fixed phrase in lower case that refines the reason; holds nothing of the object
    record Undecodable(Reason reason, String detail) implements Decoded {
        public Undecodable(Flaw flaw) {
            this(flaw.reason(), flaw.detail());
        }
    }

    /// See [FrameChoice].
    int MAX_VIEWS = Limits.OBJECT_VIEWS;

    /// Views may be of pictures that were chosen out of twice as many, all of which have fingerprints.
    int MAX_FINGERPRINTS = 2 * MAX_VIEWS;
}
