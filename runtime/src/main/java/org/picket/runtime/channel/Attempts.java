package org.picket.runtime.channel;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.function.Supplier;
import org.picket.runtime.time.BackOff;

/// Makes a call again where the peer could not be reached or had no room: only for calls that are safe to send
/// again.
///
/// @param most how often the call is made, all together
/// @param first the pause after the first failure, between half and all of it at random; each later one is twice as
/// long
/// @param longest the longest pause
public record Attempts(int most, Duration first, Duration longest) {

    /// Some fifteen seconds, all together, beside what the calls themselves take.
    public static final Attempts PATIENT = new Attempts(8, Duration.ofMillis(150), Duration.ofSeconds(10));

    /// A few seconds, all together: what one of several servers keeps is lost with it.
    public static final Attempts BRIEF = new Attempts(6, Duration.ofMillis(150), Duration.ofSeconds(2));

    public Attempts {
        if (most < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "there is at least one attempt, and no pause is longer than the longest");
        }
    }

    /// Makes the call until it succeeds, fails for good, or was made often enough.
    ///
    /// @throws StatusRuntimeException the last failure; CANCELLED where this thread was interrupted
    public <T> T call(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (attempt == most || !passing(e.getStatus().getCode())) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /// Whether the same call may succeed later.
    public static boolean passing(Status.Code code) {
        return code == Status.Code.UNAVAILABLE
                || code == Status.Code.DEADLINE_EXCEEDED
                || code == Status.Code.RESOURCE_EXHAUSTED
                || code == Status.Code.ABORTED;
    }

    /// Waits as long as after that many failures.
    ///
    /// @throws StatusRuntimeException CANCELLED where this thread was interrupted
    public void pause(int failures) {
        try {
            Thread.sleep(new BackOff(first, longest).jittered(failures));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        }
    }
}
