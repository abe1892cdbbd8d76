package org.picket.crawler.source;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Tells faults apart: which may pass, and what to call them.
final class S3Faults {

    private static final int REQUEST_TIMEOUT = 408;
    /// Another change of the same object is under way.
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int MAX_CAUSES = 8;

    /// The content was not as long as announced.
    static final class WrongLength extends IOException {

        private static final long serialVersionUID = 1L;

        WrongLength() {
            super("the content is not as long as announced");
        }
    }

    /// An attempt took longer than one may.
    static final class TooSlow extends IOException {

        private static final long serialVersionUID = 1L;

        TooSlow() {
            super("the content took too long");
        }
    }

    private S3Faults() {}

    /// Whether the same call may succeed in a moment.
    static boolean mayPass(Throwable fault) {
        return switch (fault) {
            case AwsServiceException answer -> mayPass(answer.statusCode());
            // A refusal to sign, as for want of credentials, comes from no I/O and stays.
            case SdkClientException client -> hasIo(client) || isTimeout(client);
            case IOException io -> true;
            case CallNotPermittedException open -> true;
            case RequestNotPermitted limited -> true;
            default -> false;
        };
    }

    private static boolean mayPass(int status) {
        return status == REQUEST_TIMEOUT
                || status == CONFLICT
                || status == TOO_MANY_REQUESTS
                || (status >= FIRST_SERVER_ERROR && status != NOT_IMPLEMENTED);
    }

    /// How long the server asked to be left alone, in whole seconds; dates are not looked at, since clocks
    /// differ.
    static Optional<Duration> retryAfter(Throwable fault) {
        if (!(fault instanceof AwsServiceException answer) || answer.awsErrorDetails() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(answer.awsErrorDetails().sdkHttpResponse())
                .flatMap(response -> response.firstMatchingHeader("Retry-After"))
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    static Fetched.Reason reason(Throwable fault) {
        return switch (fault) {
            case AwsServiceException answer -> reason(answer.statusCode());
            case RequestNotPermitted limited -> Fetched.Reason.THROTTLED;
            case TooSlow slow -> Fetched.Reason.TIMED_OUT;
            case WrongLength length -> Fetched.Reason.WRONG_LENGTH;
            default -> {
                if (isTimeout(fault)) {
                    yield Fetched.Reason.TIMED_OUT;
                }
                yield endsEarly(fault) ? Fetched.Reason.WRONG_LENGTH : Fetched.Reason.STORAGE_FAULT;
            }
        };
    }

    private static Fetched.Reason reason(int status) {
        return switch (status) {
            case 401, 403 -> Fetched.Reason.PERMISSION_DENIED;
            case REQUEST_TIMEOUT -> Fetched.Reason.TIMED_OUT;
            case CONFLICT -> Fetched.Reason.STORAGE_FAULT;
            case TOO_MANY_REQUESTS, UNAVAILABLE -> Fetched.Reason.THROTTLED;
            default -> status >= FIRST_SERVER_ERROR ? Fetched.Reason.STORAGE_FAULT : Fetched.Reason.REFUSED;
        };
    }

    private static boolean isTimeout(Throwable fault) {
        Throwable at = fault;
        for (int i = 0; at != null && i < MAX_CAUSES; i++) {
            if (at instanceof SocketTimeoutException
                    || at instanceof ApiCallAttemptTimeoutException
                    || at instanceof ApiCallTimeoutException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static boolean hasIo(Throwable fault) {
        Throwable at = fault;
        for (int i = 0; at != null && i < MAX_CAUSES; i++) {
            if (at instanceof IOException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    /// The JDK says so only in words.
    private static boolean endsEarly(Throwable fault) {
        return fault instanceof IOException
                && String.valueOf(fault.getMessage()).startsWith("Premature EOF");
    }
}
