package org.picket.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
/// again, so nothing else would. What a fuse holds back stays held back, and a rule's own ceiling holds.
final class EarlierFindings {
    private static final int PAGE = 1_000;

    private final FindingsBlockingStub findings;
    private final long storage;
    private final Set<Long> ordered = new HashSet<>();

    EarlierFindings(FindingsBlockingStub findings, long storage) {
        this.findings = findings;
        this.storage = storage;
    }

    /// Orders their removal; returns how many there were.
    int order(ScanMode mode, Policy policy) {
        RemovalAction action = mode == ScanMode.DELETE ? RemovalAction.PURGE : RemovalAction.QUARANTINE;
        List<Long> observed = new ArrayList<>();
        each(finding -> {
            if ("OBSERVED".equals(finding.getState()) && allows(policy, finding, action)) {
                observed.add(finding.getId());
            }
        });
        for (int from = 0; from < observed.size(); from += PAGE) {
            List<Long> page = observed.subList(from, Math.min(observed.size(), from + PAGE));
            findings.enforce(EnforceRequest.newBuilder()
                    .setStorageId(storage)
                    .addAllFindingIds(page)
                    .setAction(action)
                    .setAuthorisedBy(Solo.person())
                    .build());
        }
        ordered.addAll(observed);
        return observed.size();
    }

    /// The counts of a scan with what became of these.
    ScanProgress added(ScanProgress progress) {
        ScanProgress.Builder sum = progress.toBuilder();
        each(finding -> {
            if (ordered.contains(finding.getId())) {
                switch (finding.getState()) {
                    case "QUARANTINED" -> sum.setQuarantined(sum.getQuarantined() + 1);
                    case "PURGED" -> sum.setPurged(sum.getPurged() + 1);
                    case "REFUSED" -> sum.setRefused(sum.getRefused() + 1);
                    case "FAILED" -> sum.setFailed(sum.getFailed() + 1);
                    default -> {
                        // Gone, or still ordered: the open orders are counted as such.
                    }
                }
            }
        });
        return sum.build();
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
