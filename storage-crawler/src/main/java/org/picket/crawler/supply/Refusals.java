package org.picket.crawler.supply;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tickets that were refused: counted each, and told in the log once a minute at most, however many come. Who is not
/// let in cannot fill a disk. Safe for any number of threads.
final class Refusals {
    static final Duration EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final LongAdder all = new LongAdder();
    private Instant next = Instant.MIN;
    private long untold;

    /// One more.
    ///
    /// @param why in words that hold nothing of the caller's making
    void add(String why, Instant now) {
        long since = due(now);
        if (since > 0) {
            LOG.warn(
                    "views are not supplied: {}{}",
                    why,
                    since == 1 ? "" : " (" + since + " tickets were refused since this was last said)");
        }
    }

    /// Counts one more.
    ///
    /// @return how many to tell of now; 0: nothing is told
    synchronized long due(Instant now) {
        all.increment();
        untold++;
        if (now.isBefore(next)) {
            return 0;
        }
        long since = untold;
        untold = 0;
        next = now.plus(EVERY);
        return since;
    }

    long count() {
        return all.sum();
    }
}
