package org.picket.agent.intake;

/// How many views a second this agent scores, as an average over about the last ten seconds in which there were
/// views. Pauses without views are left out. Safe for any number of threads.
public final class Throughput {
    private static final double WINDOW_SECONDS = 10;
    private static final double LONGEST_STEP_SECONDS = 1;
    private static final double NANOS = 1e9;

    private long views;
    private long batches;
    private long busyNanos;
    private double weight;
    private double sum;
    private long last;

    /// One batch.
    ///
    /// @param count views scored
    /// @param begun when it began to be scored, by [System#nanoTime]
    /// @param nanos when it was scored
    synchronized void add(int count, long begun, long nanos) {
        batches++;
        busyNanos += nanos - begun;
        double step = views == 0 ? LONGEST_STEP_SECONDS : (nanos - last) / NANOS;
        views += count;
        last = nanos;
        if (step >= LONGEST_STEP_SECONDS) {
            return;
        }
        double kept = Math.exp(-step / WINDOW_SECONDS);
        weight = weight * kept + step;
        sum = sum * kept + count;
    }

    /// Views scored since the start.
    public synchronized long views() {
        return views;
    }

    /// Batches scored since the start.
    public synchronized long batches() {
        return batches;
    }

    /// Seconds spent in scoring since the start.
    public synchronized double busySeconds() {
        return busyNanos / NANOS;
    }

    /// Views a second; 0 while unknown.
    public synchronized double perSecond() {
        return weight > 0 ? sum / weight : 0;
    }
}
