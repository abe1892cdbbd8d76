package org.picket.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.picket.model.evaluation.Calibration;
import org.picket.model.evaluation.Confusion;
import org.picket.model.evaluation.Curve;
import org.picket.model.evaluation.Picture;
import org.picket.model.evaluation.Proportion;

/// An evaluation as files: tables (RFC 4180) and one picture. Numbers and names of scores only.
final class EvaluationFiles {
    private static final int MOST_DRAWN = 64;
    private static final String BLUE = "#0066cc";
    private static final String RED = "#cc2200";
    private static final String GREEN = "#118844";
    private static final String COUNTS =
            "true_positives,false_positives,false_negatives,true_negatives,precision,precision_low,precision_high,"
                    + "recall,recall_low,recall_high,false_positives_per_million,fppm_low,fppm_high";

    private EvaluationFiles() {}

    /// Writes `summary.csv`, `curves.csv`, `rules.csv`, `moved.csv`, `calibration.csv` and `evaluation.svg` into a
    /// folder, which is made if need be.
    static void write(Evaluation evaluation, String title, Path folder) {
        List<String> summary = new ArrayList<>(List.of("what,threshold," + COUNTS));
        List<String> curves = new ArrayList<>(List.of("concept,threshold," + COUNTS));
        List<String> calibration =
                new ArrayList<>(List.of("concept,from,to,mean_score,pictures,shown,share,share_low,share_high"));
        Confusion policy = evaluation.policy();
        summary.add("policy,," + row(policy));
        summary.add("policy where unruled is missed,,"
                + row(new Confusion(
                        policy.truePositives(),
                        policy.falsePositives(),
                        policy.falseNegatives() + evaluation.unruled().flagged(),
                        policy.trueNegatives() + evaluation.unruled().cleared())));
        for (Evaluation.OfConcept concept : evaluation.concepts()) {
            summary.add(concept.name() + "," + number(concept.at().threshold()) + ","
                    + row(concept.at().confusion()));
            for (Curve.Point point : concept.curve().points()) {
                curves.add(concept.name() + "," + number(point.threshold()) + "," + row(point.confusion()));
            }
            for (Calibration.Bin bin : concept.calibration().bins()) {
                calibration.add(String.join(
                        ",",
                        concept.name(),
                        number(bin.from()),
                        number(bin.to()),
                        number(bin.mean()),
                        String.valueOf(bin.so().of()),
                        String.valueOf(bin.so().hits()),
                        share(bin.so())));
            }
        }
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("summary.csv"), summary);
            Files.write(folder.resolve("curves.csv"), curves);
            Files.write(folder.resolve("rules.csv"), rules(evaluation));
            Files.write(folder.resolve("moved.csv"), moved(evaluation));
            Files.write(folder.resolve("calibration.csv"), calibration);
            Files.writeString(folder.resolve("evaluation.svg"), picture(evaluation, title));
        } catch (IOException cause) {
            throw new UsageFault("the tables cannot be written into " + folder + " (" + cause + ")", cause);
        }
    }

    private static List<String> rules(Evaluation evaluation) {
        List<String> rules = new ArrayList<>(
                List.of("rule,flagged,precision,precision_low,precision_high,recall,recall_low,recall_high"));
        evaluation.rules().forEach(rule -> rules.add(rule(rule)));
        return rules;
    }

    private static String rule(Evaluation.OfRule rule) {
        return rule.id() + "," + rule.right().of() + "," + share(rule.right()) + "," + share(rule.found());
    }

    private static List<String> moved(Evaluation evaluation) {
        List<String> moved = new ArrayList<>(List.of("scores_higher_by,what," + COUNTS));
        for (Evaluation.Moved one : evaluation.moved()) {
            moved.add(number(one.move()) + ",policy," + row(one.policy()));
            for (Evaluation.OfRule rule : one.rules()) {
                long ought = one.policy().recall().of();
                long not = one.policy().falseAlarms().of();
                long right = rule.right().hits();
                long wrong = rule.right().of() - right;
                moved.add(number(one.move()) + "," + rule.id() + ","
                        + row(new Confusion(right, wrong, ought - right, not - wrong)));
            }
        }
        return moved;
    }

    private static String row(Confusion confusion) {
        Proportion.Interval alarms = confusion.falseAlarms().exact();
        return String.join(
                ",",
                String.valueOf(confusion.truePositives()),
                String.valueOf(confusion.falsePositives()),
                String.valueOf(confusion.falseNegatives()),
                String.valueOf(confusion.trueNegatives()),
                share(confusion.precision()),
                share(confusion.recall()),
                confusion.falseAlarms().value().isPresent()
                        ? number(confusion.falseAlarms().value().getAsDouble() * 1e6)
                        : "",
                number(alarms.low() * 1e6),
                number(alarms.high() * 1e6));
    }

    private static String share(Proportion proportion) {
        Proportion.Interval interval = proportion.exact();
        String value =
                proportion.value().isPresent() ? number(proportion.value().getAsDouble()) : "";
        return value + "," + number(interval.low()) + "," + number(interval.high());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static String picture(Evaluation evaluation, String title) {
        List<List<Picture.Panel>> rows = new ArrayList<>();
        if (!evaluation.moved().isEmpty()) {
            rows.add(List.of(new Picture.Panel(
                    "the policy, if every score were higher",
                    "scores higher by",
                    evaluation.moved().getFirst().move(),
                    evaluation.moved().getLast().move(),
                    List.of(
                            moved(evaluation, "recall", BLUE, Confusion::recall),
                            moved(evaluation, "false alarms", RED, Confusion::falseAlarms),
                            moved(evaluation, "precision", GREEN, Confusion::precision)),
                    List.of())));
        }
        evaluation.concepts().stream().limit(MOST_DRAWN).forEach(concept -> rows.add(panels(concept)));
        return Picture.svg(title, rows);
    }

    private interface Rate {
        Proportion of(Confusion confusion);
    }

    private static Picture.Line moved(Evaluation evaluation, String name, String colour, Rate rate) {
        return new Picture.Line(
                name,
                colour,
                evaluation.moved().stream()
                        .map(moved -> new Picture.Spot(
                                moved.move(), rate.of(moved.policy()).value().orElse(0)))
                        .toList());
    }

    private static List<Picture.Panel> panels(Evaluation.OfConcept concept) {
        List<Curve.Point> points = concept.curve().points();
        Picture.Panel thresholds = new Picture.Panel(
                concept.name() + ": what a threshold says",
                "threshold",
                points.getFirst().threshold(),
                points.getLast().threshold(),
                List.of(
                        line("recall", BLUE, points, Confusion::recall),
                        line("false alarms", RED, points, Confusion::falseAlarms),
                        line("precision", GREEN, points, Confusion::precision)),
                List.of());
        List<Calibration.Bin> bins = concept.calibration().bins();
        Picture.Panel reliability = new Picture.Panel(
                concept.name() + ": share that shows it, by score",
                "score",
                bins.getFirst().from(),
                bins.getLast().to(),
                List.of(),
                bins.stream()
                        .map(bin -> new Picture.Dot(
                                bin.mean(),
                                bin.so().value().orElse(0),
                                bin.so().exact().low(),
                                bin.so().exact().high()))
                        .toList());
        return List.of(thresholds, reliability);
    }

    private static Picture.Line line(String name, String colour, List<Curve.Point> points, Rate rate) {
        ToDoubleFunction<Curve.Point> height =
                point -> rate.of(point.confusion()).value().orElse(0);
        return new Picture.Line(
                name,
                colour,
                points.stream()
                        .map(point -> new Picture.Spot(point.threshold(), height.applyAsDouble(point)))
                        .toList());
    }
}
