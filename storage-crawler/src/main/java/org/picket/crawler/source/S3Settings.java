package org.picket.crawler.source;

import java.time.Duration;

/// Bounds on the calls to one S3 server.
///
/// @param connectTimeout for the connection
/// @param readTimeout for silence in the middle of an answer
/// @param callTimeout for one attempt as a whole, the content included
/// @param attempts tries of one call
/// @param firstWait after the first failed try; the next waits double, each give or take half
/// @param longestWait between two tries; also bounds what a server may ask for by `Retry-After`
/// @param callsPerSecond the most calls begun in a second
/// @param breakerWindow last calls by whose failures the circuit breaker judges; it opens when half of them
/// failed
/// @param breakerPause how long an open breaker lets no call through
public record S3Settings(
        Duration connectTimeout,
        Duration readTimeout,
        Duration callTimeout,
        int attempts,
        Duration firstWait,
        Duration longestWait,
        int callsPerSecond,
        int breakerWindow,
        Duration breakerPause) {

    /// For a server on the Internet: gives up after about a minute of failures.
    public static final S3Settings DEFAULT = new S3Settings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            7,
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            1_000,
            50,
            Duration.ofSeconds(10));

    /// With another bound of the calls begun in a second.
    public S3Settings with(int otherCallsPerSecond) {
        return new S3Settings(
                connectTimeout,
                readTimeout,
                callTimeout,
                attempts,
                firstWait,
                longestWait,
                otherCallsPerSecond,
                breakerWindow,
                breakerPause);
    }

    public S3Settings {
        if (attempts < 1 || callsPerSecond < 1 || breakerWindow < 1) {
            throw new IllegalArgumentException("attempts, callsPerSecond and breakerWindow must be at least 1");
        }
    }
}
