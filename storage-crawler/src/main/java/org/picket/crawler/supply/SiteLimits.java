package org.picket.crawler.supply;

import java.util.OptionalLong;

/// What a site's storage and line are to bear of its crawler, on average; empty: no bound.
///
/// @param objectsPerSecond read of the storage, each by one call
/// @param readBytesPerSecond of objects, read of the storage
/// @param sendBytesPerSecond of views, sent to all agents together
public record SiteLimits(
        OptionalLong objectsPerSecond, OptionalLong readBytesPerSecond, OptionalLong sendBytesPerSecond) {
    /// The least bound of bytes, read or sent: an object of a megabyte takes ten seconds.
    public static final long LEAST_BYTES_PER_SECOND = 100_000;

    /// No bound.
    public static final SiteLimits NONE =
            new SiteLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /// Where agents are in this process, what they are handed takes no line.
    public SiteLimits withinProcess() {
        return new SiteLimits(objectsPerSecond, readBytesPerSecond, OptionalLong.empty());
    }
}
