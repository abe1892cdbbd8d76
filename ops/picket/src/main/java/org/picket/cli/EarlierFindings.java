package org.picket.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.FindingsGrpc.FindingsBlockingStub;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.RemovalAction;
import org.picket.proto.v1.ScanProgress;

/// What an earlier scan only observed, and this one, in a stronger mode, is to remove: known objects are not ruled
/// again, so nothing else would. So it is with what was refused, as where a scan in a stronger mode was cut short
/// and its orders met this one, or failed. What a fuse holds back stays held back, and a rule's own ceiling holds.
final class EarlierFindings {
    private static final int PAGE = 1_000;
    private static final String OBSERVED = "OBSERVED";
    private static final Set<String> UNDONE = Set.of("REFUSED", "FAILED");

    private final FindingsBlockingStub findings;
    private final long storage;
    private final Set<Long> ordered = new HashSet<>();
    private final Set<Long> orderedAgain = new HashSet<>();

    EarlierFindings(FindingsBlockingStub findings, long storage) {
        this.findings = findings;
        this.storage = storage;
    }

    /// Orders their removal; returns how many there were.
    int order(ScanMode mode, Policy policy) {
        RemovalAction action = mode == ScanMode.DELETE ? RemovalAction.PURGE : RemovalAction.QUARANTINE;
        List<Long> wanted = new ArrayList<>();
        each(finding -> {
            boolean again = UNDONE.contains(finding.getState());
            if ((again || OBSERVED.equals(finding.getState())) && allows(policy, finding, action)) {
                wanted.add(finding.getId());
                (again ? orderedAgain : ordered).add(finding.getId());
            }
        });
        for (int from = 0; from < wanted.size(); from += PAGE) {
            List<Long> page = wanted.subList(from, Math.min(wanted.size(), from + PAGE));
            findings.enforce(EnforceRequest.newBuilder()
                    .setStorageId(storage)
                    .addAllFindingIds(page)
                    .setAction(action)
                    .setAuthorisedBy(Solo.person())
                    .build());
        }
        return wanted.size();
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
                .setRefused(Math.max(after.getRefused(), of(again, "REFUSED")) + of(first, "REFUSED"))
                .setFailed(Math.max(after.getFailed(), of(again, "FAILED")) + of(first, "FAILED"))
                .build();
    }

    private static int of(Map<String, Integer> ends, String state) {
        return ends.getOrDefault(state, 0);
    }

    private static boolean allows(Policy policy, Finding finding, RemovalAction action) {
        Action ceiling = policy.ceiling(finding.getRuleId());
        return ceiling.allows(action == RemovalAction.PURGE ? Action.PURGE : Action.QUARANTINE)
                && policy.quorum(finding.getRuleId()).lackingAfterOne().isEmpty();
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
