package org.picket.coordinator.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.share.Lane;
import org.picket.coordinator.share.Turns;

/// How fast an agent is, by the reports of it that were accepted: its own word does not count.
///
/// Measured is the time in which it had leases, an average over about the last minute of that. Safe for any number
/// of threads.
public final class AgentPace {
    private static final double WINDOW_SECONDS = 60;
    private static final double NANOS = 1e9;

    /// Who was told of nothing to do so lately is asking again.
    private static final Duration IDLE = Duration.ofSeconds(3);

    /// What was done in less time counts as done in so much: who reports right after a grant is not fast by that.
    private static final double LEAST_SECONDS = 3;

    private final Turns<Lane> lanes = new Turns<>();
    private double weight;
    private double sum;
    private boolean proven;
    private Instant last = Instant.MIN;
    private Instant heard = Instant.MIN;
    private Instant emptyAt = Instant.MIN;
    private int waiting;
    private volatile Optional<Asking> asking = Optional.empty();
    private volatile Pace present = Pace.UNKNOWN;
    private volatile double word;

    AgentPace() {}

    /// It is waiting for work.
    public synchronized void asks(Asking what, Instant now) {
        asking = Optional.of(what);
        waiting++;
        heard = now;
    }

    /// It waits no more.
    public synchronized void answered(boolean granted, Instant now) {
        waiting--;
        heard = now;
        emptyAt = granted ? Instant.MIN : now;
    }

    /// What it says of its own pace, in views/s; what is no pace changes nothing.
    public void says(double viewsPerSecond) {
        word = viewsPerSecond > 0 && Double.isFinite(viewsPerSecond) ? viewsPerSecond : word;
    }

    /// Its last word; 0: none.
    double word() {
        return word;
    }

    /// Its pace, once it is proven and was measured for long enough; 0 before.
    synchronized double measured() {
        return present.proven() && weight >= LEAST_SECONDS ? present.objectsPerSecond() : 0;
    }

    /// It lives.
    public synchronized void heard(Instant now) {
        heard = now;
    }

    /// Objects of a lease of it were ruled.
    ///
    /// @param since the lease began: time that another report of it has counted already is not counted again
    public synchronized void ruled(int objects, Instant since, Instant now) {
        Instant from = last.isAfter(since) ? last : since;
        double step = Math.max(0, Duration.between(from, now).toNanos() / NANOS);
        double kept = Math.exp(-step / WINDOW_SECONDS);
        weight = weight * kept + step;
        sum = sum * kept + objects;
        last = now;
        heard = now;
        tell();
    }

    /// All objects of a lease of it are ruled: that proves it.
    public synchronized void completed() {
        proven = true;
        tell();
    }

    /// A lease of it failed, expired or stalled: it has to prove itself anew.
    public synchronized void failed() {
        proven = false;
        tell();
    }

    private void tell() {
        present = new Pace(weight > 0 ? sum / Math.max(weight, LEAST_SECONDS) : 0, proven);
    }

    /// Whose turn it is of the lanes, for it. Guarded by the lock of [Feeds].
    Turns<Lane> lanes() {
        return lanes;
    }

    /// As far as it was measured.
    public Pace pace() {
        return present;
    }

    /// What it asked for last.
    Optional<Asking> asking() {
        return asking;
    }

    /// Whether it may have shards of a listing on these terms, by what it asked for last, and can scan them.
    public boolean may(StorageTerms terms) {
        return asking.filter(last -> last.may(terms)).isPresent();
    }

    /// Whether it was heard of since, or is waiting.
    synchronized boolean present(Instant since) {
        return waiting > 0 || !heard.isBefore(since);
    }

    /// Whether it has nothing to do.
    synchronized boolean idle(Instant now) {
        return waiting > 0
                || emptyAt.isAfter(Instant.MIN) && !emptyAt.plus(IDLE).isBefore(now);
    }
}
