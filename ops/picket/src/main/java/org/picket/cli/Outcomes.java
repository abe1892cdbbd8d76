package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.RemovalAction;
import org.picket.runtime.terminal.Amounts;

/// What became of what a person has ordered, by the states of the findings. Pure.
///
/// @param findings of those ordered, as they were seen last; one that was not seen is open
/// @param later what becomes of those that are open
record Outcomes(Ordered ordered, SortedMap<Long, Finding> findings, String later) {
    private static final int MOST_LINES = 20;
    /// An order of it has no receipt yet.
    private static final String OPEN = "_ORDERED";

    static boolean open(Finding finding) {
        return finding.getState().endsWith(OPEN);
    }

    /// How many wait for their receipt.
    long open() {
        return ordered.findings().size()
                - findings.values().stream().filter(finding -> !open(finding)).count();
    }

    long carriedOut() {
        return findings.values().stream().filter(this::carriedOut).count();
    }

    private boolean carriedOut(Finding finding) {
        return finding.getState().equals(ordered.wanted());
    }

    /// Those that came to another end.
    private List<Finding> others() {
        return findings.values().stream()
                .filter(finding -> !open(finding) && !carriedOut(finding))
                .toList();
    }

    /// Whether all were carried out.
    boolean complete() {
        return carriedOut() == ordered.findings().size();
    }

    /// How it stands, in one line.
    String progress() {
        return Amounts.count(carriedOut()) + " of "
                + Amounts.count(ordered.findings().size()) + " carried out"
                + (others().isEmpty() ? "" : " · " + Amounts.count(others().size()) + " not")
                + (open() == 0 ? "" : " · waiting for the crawler beside the storage");
    }

    /// What it came to, for people.
    List<String> lines() {
        List<Finding> others = others();
        List<String> lines = new ArrayList<>();
        lines.add(Amounts.count(carriedOut()) + " carried out"
                + (others.isEmpty() ? "" : ", " + Amounts.count(others.size()) + " not; 'picket findings' says why"));
        others.stream().limit(MOST_LINES).forEach(finding -> lines.add(line(finding)));
        if (others.size() > MOST_LINES) {
            lines.add("and " + Amounts.count(others.size() - MOST_LINES) + " more");
        }
        if (open() > 0) {
            lines.add(Amounts.count(open()) + " left: " + later);
        }
        if (ordered.action() == RemovalAction.RELEASE && !others.isEmpty()) {
            lines.add("its content is allowed at this site all the same, from now on");
        }
        return lines;
    }

    private static String line(Finding finding) {
        String detail = finding.getStateDetail();
        return "finding " + finding.getId() + " is " + FindingRows.printable(finding.getState())
                + (detail.isEmpty() ? "" : ": " + FindingRows.printable(detail));
    }

    Json json() {
        return new Json()
                .put("ordered", ordered.orders())
                .put("carriedOut", carriedOut())
                .put("other", others().size())
                .put("left", open())
                .put("complete", complete())
                .put("findings", findings.values().stream().map(Outcomes::json).toList());
    }

    private static Json json(Finding finding) {
        return new Json()
                .put("id", finding.getId())
                .put("state", finding.getState())
                .put("detail", finding.getStateDetail());
    }
}
