package org.picket.runtime.time;

/// So much a second, of bytes or whatever is counted, that several share: first come, first served. What is taken
/// goes whole and is paid for afterwards, so that the bound is one of the average; time in which nothing is taken is
/// not saved up. Instants are those of [System#nanoTime]. Safe for any number of threads.
public final class Pace {
    private static final double NANOS = 1e9;

    private final long perSecond;
    private boolean begun;
    private long freeAt;

    /// @param perSecond at least 1
    public Pace(long perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("a pace is at least 1 a second: " + perSecond);
        }
        this.perSecond = perSecond;
    }

    /// Takes the next turn.
    ///
    /// @return nanoseconds until it begins
    public synchronized long take(long amount, long now) {
        long wait = left(now);
        freeAt = now + wait + cost(amount);
        begun = true;
        return wait;
    }

    /// Gives back what was taken and is not used after all: who takes a turn from now on waits that much less.
    public synchronized void giveBack(long amount) {
        freeAt -= cost(amount);
    }

    /// Nanoseconds until all that was taken is paid for.
    public synchronized long left(long now) {
        return begun ? Math.max(0, freeAt - now) : 0;
    }

    private long cost(long amount) {
        return (long) (amount * NANOS / perSecond);
    }
}
