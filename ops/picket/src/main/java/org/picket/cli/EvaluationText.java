package org.picket.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.picket.model.evaluation.Calibration;
import org.picket.model.evaluation.Caution;
import org.picket.model.evaluation.Confusion;
import org.picket.model.evaluation.Curve;
import org.picket.model.evaluation.Proportion;
import org.picket.runtime.terminal.Amounts;

/// An evaluation for a person who must decide whether to trust it.
final class EvaluationText {
    /// Guilty pictures in a million public ones, as the README reckons.
    private static final double BASE_RATE = 42.9;

    private static final double MILLION = 1e6;
    private static final int ROWS = 9;
    private static final String UNKNOWN = "unknown (0 of 0)";

    private EvaluationText() {}

    static String of(Evaluation evaluation) {
        List<String> lines = new ArrayList<>();
        lines.add(Amounts.count(evaluation.judged()) + " pictures scored"
                + (evaluation.unlabelled() > 0
                        ? ", " + Amounts.count(evaluation.unlabelled()) + " files without a label left out"
                        : ""));
        if (!evaluation.apart().isEmpty()) {
            lines.add("counted apart, neither right nor wrong: "
                    + evaluation.apart().entrySet().stream()
                            .map(entry -> Amounts.count(entry.getValue()) + " " + entry.getKey())
                            .collect(Collectors.joining(", ")));
        }
        policy(evaluation, lines);
        evaluation.concepts().forEach(concept -> concept(concept, lines));
        lines.add("");
        lines.add("Intervals are exact ones of 95 % (Clopper and Pearson). A folder is not the world: pictures that are"
                + " all alike count for less than they are.");
        return String.join("\n", lines);
    }

    private static void policy(Evaluation evaluation, List<String> lines) {
        Confusion policy = evaluation.policy();
        if (policy.equals(Confusion.NONE)) {
            lines.add("");
            lines.add(
                    evaluation.unruled().any()
                            ? "The policy ruled on none of the pictures that say whether they ought to be flagged: it"
                                    + " left them undecided, or they cannot be read. Nothing to say of it."
                            : "No picture says whether it ought to be flagged (flagged, cleared): nothing to say of the"
                                    + " policy.");
            return;
        }
        lines.add("");
        lines.add("THE POLICY");
        figures(policy, lines);
        if (evaluation.unruled().any()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  ! not ruled on: %,d that ought to be flagged, %,d that ought not. If those count as missed,"
                            + " recall is %s",
                    evaluation.unruled().flagged(),
                    evaluation.unruled().cleared(),
                    share(evaluation.leastRecall())));
        }
        if (evaluation.listed() > 0) {
            lines.add("  ! the policy's own lists name " + Amounts.count(evaluation.listed())
                    + " of these pictures; here they are ruled by their scores all the same");
        }
        lines.add(atBaseRate(policy));
        table(
                "scores higher by",
                evaluation.moved().stream()
                        .map(moved -> new Curve.Point(moved.move(), moved.policy()))
                        .toList(),
                lines);
        for (Evaluation.OfRule rule : evaluation.rules()) {
            lines.add("  rule " + rule.id() + ": right in " + share(rule.right()) + "; found " + share(rule.found()));
        }
    }

    /// Of flags where guilty pictures are as rare as among public ones. Without a false alarm in the sample there is
    /// no rate to reckon with, only what it may be at most.
    private static String atBaseRate(Confusion policy) {
        Proportion.Interval recall = policy.recall().exact();
        Proportion.Interval alarms = policy.falseAlarms().exact();
        String least = percent(Confusion.precisionAt(BASE_RATE, recall.low(), alarms.high()));
        String most = percent(Confusion.precisionAt(BASE_RATE, recall.high(), alarms.low()));
        String rate = String.format(Locale.ROOT, "  where %.0f in a million are guilty, ", BASE_RATE);
        if (policy.falseAlarms().hits() == 0 || policy.recall().hits() == 0) {
            return rate + "anything from " + least + " to " + most + " of its flags would be right";
        }
        double precision = Confusion.precisionAt(
                BASE_RATE,
                policy.recall().value().orElse(0),
                policy.falseAlarms().value().orElse(0));
        return rate + percent(precision) + " of its flags would be right (" + least + " to " + most + ")";
    }

    private static void concept(Evaluation.OfConcept concept, List<String> lines) {
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "CONCEPT %s, at %s threshold %.4f%s",
                concept.name(),
                concept.byPolicy() ? "the policy's lowest" : "the",
                concept.at().threshold(),
                concept.byPolicy() ? "" : ", which has the highest F1 here, and so flatters a little"));
        figures(concept.at().confusion(), lines);
        concept.curve()
                .area()
                .ifPresent(area -> lines.add("  a picture that shows it scores higher than one that does not in "
                        + percent(area) + " of all pairs"));
        table("threshold", concept.curve().points(), lines);
        String bins =
                concept.calibration().bins().stream().map(EvaluationText::bin).collect(Collectors.joining(", "));
        lines.add("  score: share that shows it  " + bins);
        concept.calibration()
                .error()
                .ifPresent(error -> lines.add(String.format(
                        Locale.ROOT,
                        "  taken for a probability, the score is wrong by %s on average",
                        percent(error))));
    }

    /// A curve in a few lines.
    private static void table(String across, List<Curve.Point> points, List<String> lines) {
        lines.add(String.format(Locale.ROOT, "  %16s %9s %14s %10s", across, "recall", "false/million", "precision"));
        int rows = Math.min(ROWS, points.size());
        for (int row = 0; row < rows; row++) {
            Curve.Point point = points.get(rows == 1 ? 0 : row * (points.size() - 1) / (rows - 1));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %16.4f %9s %14s %10s",
                    point.threshold(),
                    cell(point.confusion().recall(), 100, "%.1f %%"),
                    cell(point.confusion().falseAlarms(), MILLION, "%,.0f"),
                    cell(point.confusion().precision(), 100, "%.1f %%")));
        }
    }

    private static String cell(Proportion proportion, double unit, String format) {
        return proportion.value().isPresent()
                ? String.format(Locale.ROOT, format, proportion.value().getAsDouble() * unit)
                : "-";
    }

    private static String bin(Calibration.Bin bin) {
        return String.format(
                Locale.ROOT,
                "%.3f: %d/%d",
                bin.mean(),
                bin.so().hits(),
                bin.so().of());
    }

    private static void figures(Confusion confusion, List<String> lines) {
        lines.add("  precision     " + share(confusion.precision()) + ", in a mix like this folder's");
        lines.add("  recall        " + share(confusion.recall()));
        lines.add("  false alarms  " + alarms(confusion.falseAlarms()));
        Caution.of(confusion).forEach(words -> lines.add("  ! " + words));
    }

    private static String alarms(Proportion alarms) {
        if (alarms.of() == 0) {
            return UNKNOWN;
        }
        Proportion.Interval interval = alarms.exact();
        return String.format(
                Locale.ROOT,
                "%,.0f in a million (%,.0f to %,.0f); %d of %d",
                alarms.value().orElse(0) * MILLION,
                interval.low() * MILLION,
                interval.high() * MILLION,
                alarms.hits(),
                alarms.of());
    }

    private static String share(Proportion proportion) {
        if (proportion.of() == 0) {
            return UNKNOWN;
        }
        Proportion.Interval interval = proportion.exact();
        return String.format(
                Locale.ROOT,
                "%s (%s to %s); %d of %d",
                percent(proportion.value().orElse(0)),
                percent(interval.low()),
                percent(interval.high()),
                proportion.hits(),
                proportion.of());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }
}
