package org.picket.crawler.supply;

import java.util.List;
import org.picket.crawler.match.Fingerprint;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.runtime.channel.Pixels;

/// What came of decoding.
public sealed interface Viewed {
    /// The object's views, in order.
    ///
    /// @param fingerprints of the pictures that they were made of, where they were asked for
    record Views(List<Pixels> views, List<Fingerprint> fingerprints) implements Viewed {
        public Views {
            views = List.copyOf(views);
            fingerprints = List.copyOf(fingerprints);
        }
    }

    /// No views.
    ///
    /// @param detail for people; names no key
    record None(InconclusiveReason reason, String detail) implements Viewed {}
}
