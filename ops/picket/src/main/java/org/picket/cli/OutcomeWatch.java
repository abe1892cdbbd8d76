package org.picket.cli;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.runtime.channel.Attempts;

/// Watches what becomes of ordered findings, until each has its outcome or a person waits no longer. Used by
/// one thread.
final class OutcomeWatch {
    private static final long FIRST_LOOK_MILLIS = 200;
    private static final long LOOK_MILLIS = 1_000;
    /// A look at very many takes its time at the coordinator, too.
    private static final long PAUSES_A_LOOK = 10;

    private final FindingsBlockingStub findings;
    private final Ordered ordered;
    private final String later;
    private final TreeMap<Long, Finding> seen = new TreeMap<>();

    /// @param later what becomes of what is open in the end
    OutcomeWatch(FindingsBlockingStub findings, Ordered ordered, String later) {
        this.findings = findings;
        this.ordered = ordered;
        this.later = later;
    }

    /// Looks once at those that had no outcome yet.
    Outcomes look() {
        NavigableSet<Long> left = new TreeSet<>(ordered.findings());
        seen.values().stream()
                .filter(finding -> !Outcomes.open(finding))
                .map(Finding::getId)
                .forEach(left::remove);
        while (!left.isEmpty()) {
            List<Long> asked = left.stream().limit(Limits.FINDINGS_PAGE).toList();
            List<Finding> page = findings.list(ListFindingsRequest.newBuilder()
                            .setAfterId(asked.getFirst() - 1)
                            .addAllFindingIds(asked)
                            .build())
                    .getFindingsList();
            page.stream()
                    .filter(finding -> left.contains(finding.getId()))
                    .forEach(finding -> seen.put(finding.getId(), stateOf(finding)));
            // A page may end early, and that of an earlier coordinator has others in it: all up to its last is told.
            long last = page.isEmpty() ? asked.getLast() : page.getLast().getId();
            left.headSet(Math.max(last, asked.getFirst()), true).clear();
        }
        return outcomes();
    }

    /// So much as is told in the end: there may be very many.
    private static Finding stateOf(Finding finding) {
        return Finding.newBuilder()
                .setId(finding.getId())
                .setState(finding.getState())
                .setStateDetail(finding.getStateDetail())
                .build();
    }

    private Outcomes outcomes() {
        return new Outcomes(ordered, Collections.unmodifiableSortedMap(seen), later);
    }

    /// Looks again and again, also where the coordinator is away for a while.
    ///
    /// @param wait the longest, all together
    /// @param line shows how it stands
    Outcomes await(Duration wait, ProgressLine line) {
        CountDownLatch never = new CountDownLatch(1);
        long until = System.nanoTime() + wait.toNanos();
        long pause = FIRST_LOOK_MILLIS;
        try {
            while (outcomes().open() > 0 && System.nanoTime() < until) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                never.await(Math.clamp(left, 1, pause), TimeUnit.MILLISECONDS);
                long began = System.nanoTime();
                String words = lookedAt();
                pause = Math.max(LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) * PAUSES_A_LOOK);
                line.show(() -> words, false, System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            line.finish();
        }
        return outcomes();
    }

    private String lookedAt() {
        try {
            return look().progress();
        } catch (StatusRuntimeException e) {
            if (!Attempts.passing(e.getStatus().getCode())) {
                throw e;
            }
            return outcomes().progress() + " · the coordinator does not answer ("
                    + e.getStatus().getCode() + "); asking again";
        }
    }
}
