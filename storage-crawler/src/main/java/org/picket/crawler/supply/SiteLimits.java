package org.picket.crawler.supply;

import java.util.List;
import java.util.OptionalLong;

/// What a site's storage and line are to bear of its crawler, on average; empty: no bound.
///
/// @param objectsPerSecond read of the storage, each by one call
/// @param readBytesPerSecond of objects, read of the storage
/// @param sendBytesPerSecond of views, sent to all agents together
public record SiteLimits(
        OptionalLong objectsPerSecond, OptionalLong readBytesPerSecond, OptionalLong sendBytesPerSecond) {
    /// The least bound of bytes read. By it an object of 64 MiB takes two minutes, and the last of eight leases that
    /// begin with such ones waits less than half as long as a lease lives that
    /// has nothing to report, where leases live as long as they do by default.
    public static final long LEAST_BYTES_READ_PER_SECOND = 600_000;

    /// The least bound of bytes sent: some views within two seconds.
    public static final long LEAST_BYTES_SENT_PER_SECOND = 100_000;

    public SiteLimits {
        for (OptionalLong bound : List.of(objectsPerSecond, readBytesPerSecond, sendBytesPerSecond)) {
            if (bound.isPresent() && bound.getAsLong() < 1) {
                throw new IllegalArgumentException("a bound of " + bound.getAsLong() + " a second lets nothing pass");
            }
        }
    }

    /// No bound.
    public static final SiteLimits NONE =
            new SiteLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /// Where agents are in this process, what they are handed takes no line.
    public SiteLimits withinProcess() {
        return new SiteLimits(objectsPerSecond, readBytesPerSecond, OptionalLong.empty());
    }
}
