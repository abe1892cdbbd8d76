package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.picket.coordinator.replay.FindingExplained;
import org.picket.coordinator.ruling.Explanation;
import org.picket.coordinator.ruling.Explanation.ExplainedRule;
import org.picket.coordinator.ruling.Explanation.Node;

/// Why a finding is one: for people, and for programs (JSON). Names no object.
final class ExplainedRows {
    /// Lines told of one group to a person.
    private static final int MEMBERS = 8;

    private ExplainedRows() {}

    static List<String> text(FindingExplained explained) {
        return switch (explained) {
            case FindingExplained.ByScores by -> byScores(by);
            case FindingExplained.ByList list ->
                List.of("finding " + list.id() + ": " + list.category() + ", known content by list \"" + list.list()
                        + "\". No score was asked.");
            case FindingExplained.Unexplained none ->
                List.of("finding " + none.id() + ": " + none.category() + " by rule \"" + none.rule()
                        + "\". It cannot be explained: " + none.why() + ".");
            case FindingExplained.Unknown unknown -> List.of("there is no finding " + unknown.id());
        };
    }

    private static List<String> byScores(FindingExplained.ByScores by) {
        List<String> lines = new ArrayList<>();
        Explanation explanation = by.explanation();
        lines.add("finding " + by.id() + ": " + by.category() + " by rule \"" + by.rule() + "\"");
        lines.add("policy  " + by.policy().id() + " version " + by.policy().version() + ", in force now"
                + (by.changed() ? "; the finding was made under other terms, so it may come out otherwise here" : ""));
        by.bundles()
                .forEach(bundle -> lines.add(
                        "bundle  " + bundle.name() + " " + bundle.digest().hex()));
        lines.add("scores  of " + views(explanation)
                + (by.copy() ? ", taken from another copy of the same content" : ""));
        for (Explanation.Adjusted adjusted : explanation.adjustments()) {
            lines.add("");
            lines.add(String.format(
                    Locale.ROOT,
                    "adjustment %+.4f to %s: %s",
                    adjusted.add(),
                    named(adjusted.concepts()),
                    adjusted.holds() ? "added" : "not added"));
            tree(adjusted.why(), 1, lines);
        }
        for (ExplainedRule rule : explanation.rules()) {
            lines.add("");
            lines.add("rule " + rule.id() + " (" + rule.category() + "): " + standing(explanation, rule));
            tree(rule.why(), 1, lines);
        }
        return lines;
    }

    private static String named(List<String> concepts) {
        return concepts.size() <= MEMBERS
                ? String.join(", ", concepts)
                : String.join(", ", concepts.subList(0, MEMBERS)) + " and " + (concepts.size() - MEMBERS) + " more";
    }

    private static String views(Explanation explanation) {
        int views = explanation.views();
        if (views == 1) {
            return "1 view";
        }
        return explanation.viewsNeeded() == 0
                ? views + " views; rules see the highest of each concept"
                : views + " views; a rule must hold on " + Math.min(views, explanation.viewsNeeded()) + " of them";
    }

    private static String standing(Explanation explanation, ExplainedRule rule) {
        String words = switch (rule.standing()) {
            case HOLDS -> "holds";
            case NEARLY -> "nearly holds";
            case WAITS -> "depends on a further bundle's scores, which are not there";
            case DOES_NOT -> "does not hold";
        };
        return explanation.viewsNeeded() == 0 || explanation.views() == 1
                ? words
                : words + "; it does on " + rule.held() + " of the views, here view " + rule.view();
    }

    private static void tree(Node node, int depth, List<String> lines) {
        lines.add("  ".repeat(depth) + (node.holds() ? "yes  " : "no   ") + line(node));
        int told = node.untold() > 0 || isGroup(node)
                ? Math.min(MEMBERS, node.parts().size())
                : node.parts().size();
        node.parts().subList(0, told).forEach(part -> tree(part, depth + 1, lines));
        int untold = node.parts().size() - told + node.untold();
        if (untold > 0) {
            lines.add("  ".repeat(depth + 1) + "     and " + untold + " more, further below their thresholds");
        }
    }

    private static boolean isGroup(Node node) {
        return node.what().startsWith("group ");
    }

    private static String line(Node node) {
        return node.test()
                .map(test -> FindingRows.printable(node.what())
                        + String.format(
                                Locale.ROOT,
                                " %.4f %s %.4f, view %d",
                                test.score(),
                                node.holds() ? ">=" : "<",
                                test.threshold(),
                                test.view())
                        + (test.added() == 0 ? "" : String.format(Locale.ROOT, ", %+.4f of it added", test.added()))
                        + counts(node, test.counts()))
                .orElse(FindingRows.printable(node.what()));
    }

    private static String counts(Node node, int counts) {
        if (!node.holds() || counts == 1) {
            return "";
        }
        return counts == 0 ? ", not counted: a stronger one excludes it" : ", counts " + counts;
    }

    static Json json(FindingExplained explained) {
        return switch (explained) {
            case FindingExplained.ByScores by ->
                new Json()
                        .put("finding", by.id().value())
                        .put("category", by.category())
                        .put("rule", by.rule())
                        .put("basis", "scores")
                        .put("copy", by.copy())
                        .put("policy", by.policy().id())
                        .put("policyVersion", by.policy().version())
                        .put("termsChanged", by.changed())
                        .put(
                                "bundles",
                                by.bundles().stream()
                                        .map(bundle -> new Json()
                                                .put("name", bundle.name())
                                                .put("digest", bundle.digest().hex()))
                                        .toList())
                        .put("views", by.explanation().views())
                        .put("viewsNeeded", by.explanation().viewsNeeded())
                        .put(
                                "adjustments",
                                by.explanation().adjustments().stream()
                                        .map(ExplainedRows::adjusted)
                                        .toList())
                        .put(
                                "rules",
                                by.explanation().rules().stream()
                                        .map(ExplainedRows::rule)
                                        .toList());
            case FindingExplained.ByList list ->
                new Json()
                        .put("finding", list.id().value())
                        .put("category", list.category())
                        .put("rule", list.list())
                        .put("basis", "deny list");
            case FindingExplained.Unexplained none ->
                new Json()
                        .put("finding", none.id().value())
                        .put("category", none.category())
                        .put("rule", none.rule())
                        .put("basis", "unknown")
                        .put("why", none.why());
            case FindingExplained.Unknown unknown ->
                new Json().put("finding", unknown.id().value());
        };
    }

    private static Json adjusted(Explanation.Adjusted adjusted) {
        return new Json()
                .put("concepts", String.join(",", adjusted.concepts()))
                .put("add", adjusted.add(), 6)
                .put("added", adjusted.holds())
                .put("why", node(adjusted.why()));
    }

    private static Json rule(ExplainedRule rule) {
        return new Json()
                .put("id", rule.id())
                .put("category", rule.category())
                .put("standing", rule.standing().name().toLowerCase(Locale.ROOT))
                .put("view", rule.view())
                .put("viewsHeld", rule.held())
                .put("condition", node(rule.why()));
    }

    private static Json node(Node node) {
        Json json = new Json().put("what", node.what()).put("holds", node.holds());
        node.test()
                .ifPresent(test -> json.put("score", test.score(), 6)
                        .put("added", test.added(), 6)
                        .put("threshold", test.threshold(), 6)
                        .put("view", test.view())
                        .put("counts", test.counts()));
        if (!node.parts().isEmpty()) {
            json.put("parts", node.parts().stream().map(ExplainedRows::node).toList())
                    .put("untold", node.untold());
        }
        return json;
    }
}
