package org.picket.crawler.listing;

import org.picket.proto.id.ListingId;

/// How far a listing has come.
///
/// @param listing its id
/// @param resumed whether it goes on with one that was cut short
/// @param objects listed by this process
/// @param bytes their sizes together
/// @param knownObjects those of them in ranges that are ruled already
/// @param unlistable places that could not be listed; counted at the end
/// @param finished whether no range is left
public record Listed(
        ListingId listing,
        boolean resumed,
        long objects,
        long bytes,
        long knownObjects,
        long unlistable,
        boolean finished) {}
