package org.picket.cli;

import java.util.List;
import org.picket.model.evaluation.Calibration;
import org.picket.model.evaluation.Caution;
import org.picket.model.evaluation.Confusion;
import org.picket.model.evaluation.Proportion;

/// An evaluation as one JSON object.
final class EvaluationJson {
    private static final int DIGITS = 9;
    private static final double MILLION = 1e6;

    private EvaluationJson() {}

    static Json of(Evaluation evaluation) {
        return new Json()
                .put("scored", evaluation.judged())
                .put("unlabelled", evaluation.unlabelled())
                .put(
                        "apart",
                        evaluation.apart().entrySet().stream()
                                .map(entry ->
                                        new Json().put("reason", entry.getKey()).put("count", entry.getValue()))
                                .toList())
                .put("listed", evaluation.listed())
                .put("policy", List.of(policy(evaluation)))
                .put(
                        "rules",
                        evaluation.rules().stream().map(EvaluationJson::rule).toList())
                .put(
                        "moved",
                        evaluation.moved().stream()
                                .map(moved -> confusion(moved.policy()).put("scoresHigherBy", moved.move(), DIGITS))
                                .toList())
                .put(
                        "concepts",
                        evaluation.concepts().stream()
                                .map(EvaluationJson::concept)
                                .toList());
    }

    private static Json policy(Evaluation evaluation) {
        Json json = cautioned(evaluation.policy())
                .put("unruledFlagged", evaluation.unruled().flagged())
                .put("unruledCleared", evaluation.unruled().cleared());
        return share(json, "recallIfUnruledAreMissed", evaluation.leastRecall());
    }

    private static Json rule(Evaluation.OfRule rule) {
        return share(share(new Json().put("id", rule.id()), "precision", rule.right()), "recall", rule.found());
    }

    private static Json concept(Evaluation.OfConcept concept) {
        Json json = cautioned(concept.at().confusion())
                .put("name", concept.name())
                .put("threshold", concept.at().threshold(), DIGITS)
                .put(
                        "curve",
                        concept.curve().points().stream()
                                .map(point -> confusion(point.confusion()).put("threshold", point.threshold(), DIGITS))
                                .toList())
                .put(
                        "calibration",
                        concept.calibration().bins().stream()
                                .map(EvaluationJson::bin)
                                .toList());
        concept.curve().area().ifPresent(area -> json.put("areaUnderCurve", area, DIGITS));
        concept.calibration().error().ifPresent(error -> json.put("calibrationError", error, DIGITS));
        return json;
    }

    private static Json bin(Calibration.Bin bin) {
        return share(
                new Json()
                        .put("from", bin.from(), DIGITS)
                        .put("to", bin.to(), DIGITS)
                        .put("meanScore", bin.mean(), DIGITS),
                "shown",
                bin.so());
    }

    private static Json confusion(Confusion confusion) {
        Json json = new Json()
                .put("truePositives", confusion.truePositives())
                .put("falsePositives", confusion.falsePositives())
                .put("falseNegatives", confusion.falseNegatives())
                .put("trueNegatives", confusion.trueNegatives());
        share(json, "precision", confusion.precision());
        share(json, "recall", confusion.recall());
        Proportion.Interval alarms = confusion.falseAlarms().exact();
        confusion.falseAlarms().value().ifPresent(value -> json.put("falsePositivesPerMillion", value * MILLION, 3));
        json.put("falsePositivesPerMillionLow", alarms.low() * MILLION, 3);
        json.put("falsePositivesPerMillionHigh", alarms.high() * MILLION, 3);
        return json;
    }

    private static Json cautioned(Confusion confusion) {
        return confusion(confusion).put("cautions", String.join(" ", Caution.of(confusion)));
    }

    private static Json share(Json json, String name, Proportion proportion) {
        Proportion.Interval interval = proportion.exact();
        proportion.value().ifPresent(value -> json.put(name, value, DIGITS));
        return json.put(name + "Low", interval.low(), DIGITS)
                .put(name + "High", interval.high(), DIGITS)
                .put(name + "Of", proportion.of());
    }
}
