package org.picket.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.picket.proto.v1.EnforceModeRequest;
import org.picket.proto.v1.EnforceModeResponse;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ScanProgress;

/// What an earlier scan only observed, and this one, in a stronger mode, is to remove: known objects are not ruled
/// again, so nothing else would. So it is with what was refused, as where a scan in a stronger mode was cut short
/// and its orders met this one, or failed. The coordinator decides, as about a new ruling: what a fuse holds back is
/// held for a person, and a rule's own ceiling holds.
final class EarlierFindings {
    private static final Set<String> UNDONE = Set.of("REFUSED", "FAILED");

    private final FindingsBlockingStub findings;
    private final long storage;
    private final Set<Long> ordered = new HashSet<>();
    private final Set<Long> orderedAgain = new HashSet<>();

    EarlierFindings(FindingsBlockingStub findings, long storage) {
        this.findings = findings;
        this.storage = storage;
    }

    /// What became of them.
    ///
    /// @param ordered how many are to be removed
    /// @param held how many wait for a person
    record Enforced(int ordered, int held) {}

    /// Has the coordinator do with them what the storage's mode says.
    Enforced enforce() {
        Set<Long> undone = new HashSet<>();
        each(finding -> {
            if (UNDONE.contains(finding.getState())) {
                undone.add(finding.getId());
            }
        });
        int held = 0;
        long after = 0;
        do {
            EnforceModeResponse page = findings.enforceMode(EnforceModeRequest.newBuilder()
                    .setStorageId(storage)
                    .setAfterId(after)
                    .build());
            take(page.getOrderedList(), undone);
            take(page.getHeldList(), undone);
            held += page.getHeldCount();
            after = page.getNextAfterId();
        } while (after > 0);
        return new Enforced(ordered.size() + orderedAgain.size() - held, held);
    }

    private void take(List<Long> page, Set<Long> undone) {
        page.forEach(id -> (undone.contains(id) ? orderedAgain : ordered).add(id));
    }

    /// The counts of a scan with what became of these. Of those that were ordered again some are of this scan.
    ///
    /// @param before they were ordered
    /// @param after they were answered
    ScanProgress added(ScanProgress before, ScanProgress after) {
        Map<String, Integer> first = new HashMap<>();
        Map<String, Integer> again = new HashMap<>();
        each(finding -> {
            if (ordered.contains(finding.getId())) {
                first.merge(finding.getState(), 1, Integer::sum);
            } else if (orderedAgain.contains(finding.getId())) {
                again.merge(finding.getState(), 1, Integer::sum);
            }
        });
        // Gone, or still ordered: the open orders are counted as such.
        return after.toBuilder()
                .setQuarantined(before.getQuarantined() + of(first, "QUARANTINED") + of(again, "QUARANTINED"))
                .setPurged(before.getPurged() + of(first, "PURGED") + of(again, "PURGED"))
                .setHeld(before.getHeld() + of(first, "HELD") + of(again, "HELD"))
                .setRefused(Math.max(after.getRefused(), of(again, "REFUSED")) + of(first, "REFUSED"))
                .setFailed(Math.max(after.getFailed(), of(again, "FAILED")) + of(first, "FAILED"))
                .build();
    }

    private static int of(Map<String, Integer> ends, String state) {
        return ends.getOrDefault(state, 0);
    }

    private void each(Consumer<Finding> consumer) {
        long after = 0;
        while (true) {
            List<Finding> page = findings.list(ListFindingsRequest.newBuilder()
                            .setStorageId(storage)
                            .setAfterId(after)
                            .build())
                    .getFindingsList();
            if (page.isEmpty()) {
                return;
            }
            page.forEach(consumer);
            after = page.getLast().getId();
        }
    }
}
