package org.picket.cli;

import java.util.Optional;
import java.util.OptionalLong;
import org.picket.crawler.source.S3Settings;
import org.picket.crawler.supply.SiteLimits;
import org.picket.runtime.config.Configuration;

/// What a site's storage and line are to bear of its crawler, as the settings say.
///
/// @param callsPerSecond objects read, and calls to an S3 server; empty: as it is by default
/// @param readBytesPerSecond of the storage; empty: no bound
/// @param sendBytesPerSecond of views to agents elsewhere; empty: no bound
/// @param purgesPerHour whoever orders them; empty: as it is by default
record CrawlerBounds(
        Optional<Integer> callsPerSecond,
        Optional<Long> readBytesPerSecond,
        Optional<Long> sendBytesPerSecond,
        Optional<Integer> purgesPerHour) {
    static final CrawlerBounds NONE =
            new CrawlerBounds(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// Beyond this, a bound is none.
    static final int MOST_CALLS_PER_SECOND = 10_000;

    static CrawlerBounds of(Configuration configuration) {
        return new CrawlerBounds(
                configuration.get(Keys.CRAWLER_CALLS),
                configuration.get(Keys.CRAWLER_READ),
                configuration.get(Keys.CRAWLER_SEND),
                configuration.get(Keys.CRAWLER_PURGES));
    }

    /// For the supply of views.
    SiteLimits limits() {
        return new SiteLimits(
                amount(callsPerSecond.map(Integer::longValue)), amount(readBytesPerSecond), amount(sendBytesPerSecond));
    }

    /// For the calls to an S3 server, of which not all are for the supply.
    S3Settings calls(S3Settings usual) {
        return callsPerSecond.map(usual::with).orElse(usual);
    }

    private static OptionalLong amount(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }
}
