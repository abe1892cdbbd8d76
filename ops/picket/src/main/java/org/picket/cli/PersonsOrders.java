package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.EnforceRequest;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.proto.v1.ReleaseRequest;
import org.picket.proto.v1.RemovalAction;

/// Orders that a person gives for findings.
///
/// @param administration asked
record PersonsOrders(Administration administration) {
    /// What `--all` means.
    private static final Set<String> WAITING = Set.of("OBSERVED", "HELD");

    /// How often a page of findings is ordered anew of which one has changed its state meanwhile.
    private static final int TRIES = 3;

    Ordered release(long finding) {
        ReleaseRequest request = ReleaseRequest.newBuilder()
                .setFindingId(finding)
                .setAuthorisedBy(administration.orderedBy())
                .build();
        administration.ask(() -> administration.findings().release(request));
        return new Ordered(RemovalAction.RELEASE, List.of(finding), 1);
    }

    Ordered enforce(RemovalAction action, List<Long> findings) {
        long orders = 0;
        for (int from = 0; from < findings.size(); from += Limits.FINDINGS_PAGE) {
            orders += order(action, findings.subList(from, Math.min(findings.size(), from + Limits.FINDINGS_PAGE)));
        }
        return new Ordered(action, findings, orders);
    }

    /// All that nobody has decided about yet, but for objects that are INCONCLUSIVE now.
    Ordered enforceAll(RemovalAction action) {
        List<Long> ordered = new ArrayList<>();
        long orders = 0;
        long left = 0;
        long after = 0;
        for (Page page = page(after); page.last() > after; page = page(after)) {
            Written written = order(action, after, page);
            ordered.addAll(written.findings());
            orders += written.orders();
            left += page.left();
            // Also where a coordinator gives the same page again and again.
            after = Math.max(after + 1, written.last());
        }
        return new Ordered(action, ordered, orders, left);
    }

    /// @param waiting findings that nobody has decided about
    /// @param left as many whose objects are INCONCLUSIVE now
    /// @param last id of all on the page; 0: there is none
    private record Page(List<Long> waiting, long left, long last) {}

    /// What was ordered of a page.
    private record Written(List<Long> findings, long orders, long last) {}

    private Page page(long after) {
        List<Finding> rows = administration
                .ask(() -> administration
                        .findings()
                        .list(ListFindingsRequest.newBuilder().setAfterId(after).build()))
                .getFindingsList();
        Map<Boolean, List<Long>> waiting = rows.stream()
                .filter(finding -> WAITING.contains(finding.getState()))
                .collect(Collectors.partitioningBy(
                        finding -> finding.getInconclusive().isEmpty(),
                        Collectors.mapping(Finding::getId, Collectors.toList())));
        return new Page(
                waiting.get(true),
                waiting.get(false).size(),
                rows.isEmpty() ? 0 : rows.getLast().getId());
    }

    /// A scan or somebody else may decide about one of a page in the moment in which it is read: then nothing
    /// of it was ordered.
    private Written order(RemovalAction action, long after, Page first) {
        Page page = first;
        for (int attempt = 1; ; attempt++) {
            try {
                long orders = page.waiting().isEmpty() ? 0 : order(action, page.waiting());
                return new Written(page.waiting(), orders, page.last() == 0 ? first.last() : page.last());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION || attempt == TRIES) {
                    throw e;
                }
                page = page(after);
            }
        }
    }

    private long order(RemovalAction action, List<Long> findings) {
        EnforceRequest request = EnforceRequest.newBuilder()
                .addAllFindingIds(findings)
                .setAction(action)
                .setAuthorisedBy(administration.orderedBy())
                .build();
        return administration
                .ask(() -> administration.findings().enforce(request))
                .getOrdered();
    }
}
