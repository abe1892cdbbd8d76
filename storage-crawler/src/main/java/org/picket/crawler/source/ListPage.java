package org.picket.crawler.source;

import java.util.List;
import java.util.Optional;

/// One page of a listing.
///
/// @param objects in key order; may be empty although more follow, where a [Scope] left everything of the page
/// out
/// @param next the key after which to go on; empty at the end of the listing
public record ListPage(List<ObjectReference> objects, Optional<String> next) {

    public ListPage {
        objects = List.copyOf(objects);
    }
}
