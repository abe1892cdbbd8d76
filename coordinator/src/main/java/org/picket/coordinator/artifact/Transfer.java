package org.picket.coordinator.artifact;

import java.time.Duration;
import java.util.Optional;

/// How one transfer goes, of which there may be few at once: who takes too slowly, or for too long, makes room for
/// others and goes on where it stopped. Time that the coordinator's own bound costs is not held against it. Instants
/// are those of [System#nanoTime]. For one thread.
final class Transfer {
    /// No transfer takes longer.
    static final Duration LONGEST = Duration.ofMinutes(10);

    /// For so long it may be as slow as it will.
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /// From then on it takes so many bytes a second.
    static final long LEAST_BYTES_PER_SECOND = 16 << 10;

    private static final double NANOS = 1e9;

    private final long begun;
    private long paced;
    private long bytes;

    Transfer(long nowNanos) {
        this.begun = nowNanos;
    }

    /// These bytes went out, after they had waited for their turn.
    void sent(int length, long waitedNanos) {
        bytes += length;
        paced += waitedNanos;
    }

    /// Why it must end now.
    Optional<String> over(long nowNanos) {
        long taken = nowNanos - begun;
        if (taken > LONGEST.toNanos()) {
            return Optional.of("a transfer lasts " + LONGEST.toMinutes() + " minutes at most");
        }
        long its = taken - paced;
        return its > PATIENCE.toNanos() && bytes < LEAST_BYTES_PER_SECOND * (its / NANOS)
                ? Optional.of("less than " + LEAST_BYTES_PER_SECOND + " bytes a second were taken")
                : Optional.empty();
    }
}
