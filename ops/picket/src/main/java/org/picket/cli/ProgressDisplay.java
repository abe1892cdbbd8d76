package org.picket.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.picket.proto.v1.ScanProgress;
import org.picket.runtime.terminal.Amounts;

/// Shows how a scan goes, as soon as there are rulings and then now and then. Used by one thread.
final class ProgressDisplay {
    private final ProgressLine line;
    private final long started;
    private long firstDone = -1;
    private long firstDoneAt;

    /// @param now by [System#nanoTime]
    ProgressDisplay(ProgressLine line, long now) {
        this.line = line;
        this.started = now;
    }

    void show(ScanProgress progress, long now) {
        long done = done(progress);
        boolean first = firstDone < 0 && progress.getViews() > 0;
        if (first) {
            firstDone = done;
            firstDoneAt = now;
        }
        line.show(() -> line(progress, now), first, now);
    }

    void finish() {
        line.finish();
    }

    private String line(ScanProgress progress, long now) {
        double seconds = (now - started) / 1e9;
        List<String> parts = new ArrayList<>();
        parts.add(Amounts.count(done(progress)) + " of " + Amounts.count(progress.getListed())
                + (progress.getListingFinished() ? "" : "+") + " objects");
        parts.add(Amounts.count(Math.round(progress.getViews() / Math.max(seconds, 0.001))) + " views/s");
        parts.add(Amounts.bytes(progress.getBytes()) + " read");
        parts.add(Amounts.count(progress.getFlagged()) + " flagged");
        parts.add(Amounts.count(progress.getInconclusive()) + " inconclusive");
        long removed = progress.getQuarantined() + progress.getPurged();
        if (removed > 0) {
            parts.add(Amounts.count(removed) + " removed");
        }
        eta(progress, now).ifPresent(left -> parts.add("ETA " + Amounts.span(left)));
        progress.getStuckList().stream().findFirst().ifPresent(parts::add);
        return String.join(" · ", parts);
    }

    private java.util.Optional<Duration> eta(ScanProgress progress, long now) {
        long done = done(progress);
        if (!progress.getListingFinished() || firstDone < 0 || done <= firstDone) {
            return java.util.Optional.empty();
        }
        double perObject = (double) (now - firstDoneAt) / (done - firstDone);
        return java.util.Optional.of(Duration.ofNanos((long) (perObject * (progress.getListed() - done))));
    }

    private static long done(ScanProgress progress) {
        return progress.getKnown()
                + progress.getCleared()
                + progress.getFlagged()
                + progress.getInconclusive()
                + progress.getGone();
    }
}
