package org.picket.crawler.supply;

import java.util.List;
import java.util.Optional;
import org.picket.crawler.match.Hit;
import org.picket.crawler.source.ObjectReference;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.runtime.channel.Pixels;

/// What became of one object of a lease.
///
/// @param reference as listed
/// @param sha256 of its content; empty where that could not be read
/// @param heldBytes of the lease's budget
record Supplied(ObjectReference reference, Optional<Digest> sha256, Fate fate, long heldBytes) {

    /// The alternatives.
    sealed interface Fate {
        /// It has views, whose digests are computed already.
        record Seen(List<Pixels> views) implements Fate {
            public Seen {
                views = List.copyOf(views);
            }
        }

        /// It cannot be ruled on from its pixels.
        ///
        /// @param detail for people; names no key
        record Unclear(InconclusiveReason reason, String detail) implements Fate {}

        /// Its content is ruled already.
        record Known() implements Fate {}

        /// It is on a list.
        record Listed(List<Hit> hits) implements Fate {
            public Listed {
                hits = List.copyOf(hits);
            }
        }

        /// It is no longer there.
        record Gone() implements Fate {}
    }
}
