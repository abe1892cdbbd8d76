package org.picket.coordinator.share;

import java.time.Duration;
import java.util.Optional;

/// What a listing waits in. Of what an agent is leased, each lane has a share of the objects reserved, as long as both
/// have work that the agent may do: so neither a site's huge first scan holds up what came in since yesterday
/// elsewhere, nor many small listings a huge one. Where one has no work, the other has all.
public enum Lane {
    /// Objects of the last week at most, or a storage that is small.
    FRESH(0.25),
    /// Everything else.
    BULK(0.75);

    /// Objects of a small listing, at most.
    public static final int SMALL = 4_096;

    /// The longest span of modification times that is recent: who asks for the last ten years asks for everything.
    public static final Duration RECENT = Duration.ofDays(7);

    private final double share;

    Lane(double share) {
        this.share = share;
    }

    /// Its part of all, where both have work.
    public double share() {
        return share;
    }

    /// The lane of a listing.
    ///
    /// @param since only objects modified within this span are part of it; empty: all
    /// @param finished whether all of it is listed
    /// @param objects listed so far
    public static Lane of(Optional<Duration> since, boolean finished, long objects) {
        boolean recent = since.filter(span -> span.compareTo(RECENT) <= 0).isPresent();
        return recent || finished && objects <= SMALL ? FRESH : BULK;
    }
}
