package org.picket.agent.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// How busy the graphics card is, by its driver's own tool, where there is one; asked for seldom, since each look
/// starts
/// a process. For one thread.
public final class GpuUse {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long ANSWER_MILLIS = 1_500;
    private static final int MOST_DIGITS = 3;

    private OptionalInt last = OptionalInt.empty();
    private boolean asked;
    private boolean absent;
    private long next;

    /// Percent of the time of late; empty: not measured.
    ///
    /// @param nanos by [System#nanoTime]
    public OptionalInt percent(long nanos) {
        if (!absent && (!asked || nanos - next >= 0)) {
            asked = true;
            next = nanos + EVERY_NANOS;
            last = ask();
        }
        return last;
    }

    private OptionalInt ask() {
        try {
            Process tool = new ProcessBuilder(
                            "nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--id=0")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!tool.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                tool.destroyForcibly();
                return OptionalInt.empty();
            }
            return read(new String(tool.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            absent = true;
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    static OptionalInt read(String answer) {
        String number = answer.strip();
        return number.matches("\\d{1," + MOST_DIGITS + "}") && Integer.parseInt(number) <= 100
                ? OptionalInt.of(Integer.parseInt(number))
                : OptionalInt.empty();
    }
}
