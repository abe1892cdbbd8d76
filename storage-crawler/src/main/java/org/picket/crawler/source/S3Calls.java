package org.picket.crawler.source;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// The one way to an S3 server: every attempt of a call goes through a limit on the rate and a circuit breaker, and is
/// made again with jittered exponential backoff. An attempt that waits for the limit has not failed. Safe for several
/// threads.
final class S3Calls {

    /// As many threads as there are take turns at the lowest rate in less.
    private static final Duration LONGEST_TURN = Duration.ofHours(1);

    private static final int PERIODS_PER_SECOND = 10;
    private static final double GROWTH = 2.0;
    private static final double JITTER = 0.5;
    private static final float FAILURE_PERCENT = 50;
    private static final int TRIALS = 3;

    private final Retry retry;
    private final CircuitBreaker breaker;
    private final RateLimiter limiter;

    S3Calls(String storageId, S3Settings settings) {
        IntervalFunction backoff = IntervalFunction.ofExponentialRandomBackoff(
                settings.firstWait().toMillis(),
                GROWTH,
                JITTER,
                settings.longestWait().toMillis());
        retry = Retry.of(
                storageId,
                RetryConfig.custom()
                        .maxAttempts(settings.attempts())
                        .retryOnException(S3Faults::mayPass)
                        .intervalBiFunction((attempt, result) -> {
                            long asked = result.isLeft()
                                    ? S3Faults.retryAfter(result.getLeft())
                                            .orElse(Duration.ZERO)
                                            .toMillis()
                                    : 0;
                            return Math.min(settings.longestWait().toMillis(), Math.max(asked, backoff.apply(attempt)));
                        })
                        .build());
        breaker = CircuitBreaker.of(
                storageId,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(settings.breakerWindow())
                        .minimumNumberOfCalls(settings.breakerWindow())
                        .failureRateThreshold(FAILURE_PERCENT)
                        .waitDurationInOpenState(settings.breakerPause())
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .recordException(S3Faults::mayPass)
                        .build());
        limiter = RateLimiter.of(storageId, rate(settings.callsPerSecond()));
    }

    /// So many in periods of a tenth of a second, or one in a period that is as long as it must be.
    static RateLimiterConfig rate(int callsPerSecond) {
        int atOnce = Math.max(1, callsPerSecond / PERIODS_PER_SECOND);
        return RateLimiterConfig.custom()
                .limitRefreshPeriod(Duration.ofSeconds(atOnce).dividedBy(callsPerSecond))
                .limitForPeriod(atOnce)
                .timeoutDuration(LONGEST_TURN)
                .build();
    }

    /// Says how the server's breaker stands.
    void meters(Meters meters) {
        for (CircuitBreaker.State state :
                List.of(CircuitBreaker.State.CLOSED, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.OPEN)) {
            meters.gauge(
                    "picket_storage_breaker",
                    "1 for the state of the storage's circuit breaker, else 0: OPEN makes no calls.",
                    () -> breaker.getState() == state ? 1 : 0,
                    Label.of("state", state));
        }
    }

    /// Makes a call, again if need be.
    ///
    /// @throws AwsServiceException when the server refused it for good: 404, 412 and their like are for the
    /// caller to read
    /// @throws S3Failure when every attempt failed
    <T> T call(Callable<T> attempt) {
        Callable<T> guarded = Retry.decorateCallable(
                retry, RateLimiter.decorateCallable(limiter, CircuitBreaker.decorateCallable(breaker, attempt)));
        try {
            return guarded.call();
        } catch (AwsServiceException e) {
            if (S3Faults.mayPass(e)) {
                throw new S3Failure(S3Faults.reason(e), e);
            }
            throw e;
        } catch (SdkClientException | java.io.IOException e) {
            throw new S3Failure(S3Faults.reason(e), e);
        } catch (RuntimeException e) {
            if (S3Faults.mayPass(e)) {
                throw new S3Failure(S3Faults.reason(e), e);
            }
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a call to an S3 server failed in a way that no call can", e);
        }
    }
}
