package org.picket.coordinator.verdict;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.picket.coordinator.listing.ListingCounts;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;

/// What rulings came to, since the start. Safe for any number of threads.
final class RulingCounts {
    private final LongAdder cleared = new LongAdder();
    private final LongAdder flagged = new LongAdder();
    private final LongAdder inconclusive = new LongAdder();
    private final LongAdder known = new LongAdder();
    private final LongAdder gone = new LongAdder();
    private final LongAdder views = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /// What one report added.
    void add(ListingCounts counts) {
        cleared.add(counts.cleared());
        flagged.add(counts.flagged());
        inconclusive.add(counts.inconclusive());
        known.add(counts.known());
        gone.add(counts.gone());
        views.add(counts.work().views());
        bytes.add(counts.work().bytes());
    }

    void meters(Meters meters) {
        outcome(meters, "cleared", cleared::sum);
        outcome(meters, "flagged", flagged::sum);
        outcome(meters, "inconclusive", inconclusive::sum);
        outcome(meters, "known", known::sum);
        outcome(meters, "gone", gone::sum);
        meters.counter("picket_views_ruled_total", "Views whose scores were ruled on.", views::sum);
        meters.counter("picket_bytes_ruled_total", "Bytes of the objects that were read for rulings.", bytes::sum);
    }

    private static void outcome(Meters meters, String outcome, DoubleSupplier count) {
        meters.counter(
                "picket_rulings_total",
                "Objects of leases that are done with, by outcome; those of known ranges are in no lease.",
                count,
                Label.of("outcome", outcome));
    }
}
