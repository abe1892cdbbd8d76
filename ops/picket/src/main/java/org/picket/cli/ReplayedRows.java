package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.replay.Replayed;
import org.picket.proto.id.FindingId;
import org.picket.runtime.terminal.Amounts;

/// What another policy would make of stored scores: for people, and for programs (JSON).
final class ReplayedRows {
    /// Findings named to a person.
    private static final int NAMED = 10;

    private ReplayedRows() {}

    static List<String> text(Policy policy, List<Replayed> all) {
        List<String> lines = new ArrayList<>();
        lines.add("Stored scores by policy " + name(policy) + "; nothing was fetched and nothing is changed.");
        if (all.isEmpty()) {
            lines.add("There is no storage yet: scan one first.");
        }
        for (Replayed one : all) {
            lines.add("");
            lines.add(FindingRows.printable(one.identity()));
            switch (one.result()) {
                case Replayed.Impossible(String why) -> lines.add("  not replayed: " + why);
                case Replayed.Compared compared -> compared(compared, lines);
            }
        }
        return lines;
    }

    private static String name(Policy policy) {
        return policy.id() + " version " + policy.version();
    }

    private static void compared(Replayed.Compared compared, List<String> lines) {
        Replayed.Diff diff = compared.diff();
        lines.add(
                columns("objects by scores", "in force", "other") + "   (in force: " + name(compared.inForce()) + ")");
        row(lines, "cleared", diff.before().cleared(), diff.after().cleared());
        row(lines, "flagged", diff.before().flagged(), diff.after().flagged());
        row(lines, "inconclusive", diff.before().inconclusive(), diff.after().inconclusive());
        if (diff.before().waiting() + diff.after().waiting() > 0) {
            row(
                    lines,
                    "  for want of a bundle",
                    diff.before().waiting(),
                    diff.after().waiting());
        }
        lines.add("  by rule");
        diff.rules().forEach(rule -> row(lines, "  " + rule.id(), rule.before(), rule.after()));
        lines.add(column("newly flagged", diff.newlyFlagged()));
        lines.add(column("no longer flagged", diff.noLongerFlagged())
                + named(compared.findings().noLonger(), compared.findings().noLongerCount()));
        lines.add(column("flagged as something else", diff.otherCategory())
                + named(compared.findings().otherCategory(), compared.findings().otherCategoryCount()));
        lines.add(column("flagged by another rule", diff.otherRule()));
        byLists(compared.findings().byLists(), lines);
        coverage(compared.coverage(), lines);
    }

    private static void row(List<String> lines, String what, long before, long after) {
        lines.add(columns(what, Amounts.count(before), Amounts.count(after)));
    }

    private static String columns(String what, String before, String after) {
        return String.format(Locale.ROOT, "  %-25s%12s%12s", what, before, after);
    }

    private static String column(String what, long count) {
        return String.format(Locale.ROOT, "  %-25s%12s", what, Amounts.count(count));
    }

    private static String named(List<FindingId> ids, long count) {
        if (count == 0) {
            return "";
        }
        String shown = ids.stream().limit(NAMED).map(FindingId::toString).collect(Collectors.joining(", "));
        return "   finding" + (count == 1 ? " " : "s ") + shown
                + (count > NAMED ? " and " + Amounts.count(count - NAMED) + " more (--json)" : "");
    }

    private static void coverage(Replayed.Coverage coverage, List<String> lines) {
        lines.add("  speaks for " + Amounts.count(coverage.scored()) + " objects with stored scores"
                + coverage.listed()
                        .map(listed ->
                                ", of " + Amounts.count(listed) + " listed" + (coverage.complete() ? "" : " so far"))
                        .orElse(""));
        if (coverage.unreadable() > 0) {
            lines.add("  without scores: " + Amounts.count(coverage.unreadable())
                    + " inconclusive (`picket findings --inconclusive`)");
        }
        if (coverage.others() > 0) {
            lines.add("  without scores: " + Amounts.count(coverage.others())
                    + " copies of scored content, decided by a hash list, or not looked at yet");
        }
    }

    private static void byLists(Replayed.ByLists byLists, List<String> lines) {
        if (byLists.count() > 0) {
            lines.add(column("findings by hash lists", byLists.count())
                    + "   decided before any score, and not replayed");
        }
        if (byLists.unlistedCount() > 0) {
            lines.add(column("  no longer listed", byLists.unlistedCount())
                    + named(byLists.unlisted(), byLists.unlistedCount()));
        }
    }

    static Json json(Policy policy, List<Replayed> all) {
        return new Json()
                .put("policy", policy.id())
                .put("version", policy.version())
                .put("storages", all.stream().map(ReplayedRows::json).toList());
    }

    private static Json json(Replayed one) {
        Json json = new Json().put("storage", one.identity());
        return switch (one.result()) {
            case Replayed.Impossible(String why) -> json.put("impossible", why);
            case Replayed.Compared compared -> {
                Replayed.Diff diff = compared.diff();
                Replayed.Coverage coverage = compared.coverage();
                yield json.put("inForce", compared.inForce().id())
                        .put("inForceVersion", compared.inForce().version())
                        .put("before", json(diff.before()))
                        .put("after", json(diff.after()))
                        .put("newlyFlagged", diff.newlyFlagged())
                        .put("noLongerFlagged", diff.noLongerFlagged())
                        .put("otherCategory", diff.otherCategory())
                        .put("otherRule", diff.otherRule())
                        .put(
                                "rules",
                                diff.rules().stream().map(ReplayedRows::json).toList())
                        .put("findingsNoLongerFlagged", ids(compared.findings().noLonger()))
                        .put("findingsNoLongerFlaggedCount", compared.findings().noLongerCount())
                        .put("findingsOtherCategory", ids(compared.findings().otherCategory()))
                        .put("findingsOtherCategoryCount", compared.findings().otherCategoryCount())
                        .put("findingsByLists", compared.findings().byLists().count())
                        .put(
                                "findingsNoLongerListed",
                                ids(compared.findings().byLists().unlisted()))
                        .put(
                                "findingsNoLongerListedCount",
                                compared.findings().byLists().unlistedCount())
                        .put("scored", coverage.scored())
                        .put("listed", coverage.listed().orElse(0L))
                        .put("listingComplete", coverage.complete())
                        .put("inconclusive", coverage.unreadable())
                        .put("withoutOwnScores", coverage.others());
            }
        };
    }

    private static Json json(Replayed.Outcomes outcomes) {
        return new Json()
                .put("cleared", outcomes.cleared())
                .put("flagged", outcomes.flagged())
                .put("inconclusive", outcomes.inconclusive())
                .put("waiting", outcomes.waiting());
    }

    private static Json json(Replayed.RuleCount rule) {
        return new Json().put("id", rule.id()).put("before", rule.before()).put("after", rule.after());
    }

    private static List<Json> ids(List<FindingId> ids) {
        return ids.stream().map(id -> new Json().put("id", id.value())).toList();
    }
}
