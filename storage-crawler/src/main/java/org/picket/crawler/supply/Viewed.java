package org.picket.crawler.supply;

import java.util.List;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.runtime.channel.Pixels;

/// What came of decoding.
public sealed interface Viewed {
    /// The object's views, in order.
    record Views(List<Pixels> views) implements Viewed {
        public Views {
            views = List.copyOf(views);
        }
    }

    /// No views.
    ///
    /// @param detail for people; names no key
    record None(InconclusiveReason reason, String detail) implements Viewed {}
}
