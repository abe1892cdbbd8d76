package org.picket.model.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a sample is too small to say, in words.
public final class Caution {
    /// Below this many pictures that are so, recall says nothing.
    public static final int FEW_POSITIVES = 30;

    /// Below this many that are not so, false alarms say nothing.
    public static final int FEW_NEGATIVES = 300;

    private static final double MILLION = 1e6;
    private static final double GOAL = 1e-4;

    private Caution() {}

    /// Sentences for a person; empty where nothing needs to be said.
    public static List<String> of(Confusion confusion) {
        List<String> words = new ArrayList<>();
        Proportion recall = confusion.recall();
        Proportion alarms = confusion.falseAlarms();
        if (recall.of() == 0) {
            words.add("No picture that should be found: nothing is known of recall and precision.");
        } else if (recall.of() < FEW_POSITIVES) {
            words.add(String.format(
                    Locale.ROOT,
                    "Only %,d of the pictures should be found: recall is known no better than %.0f to %.0f %%.",
                    recall.of(),
                    recall.exact().low() * 100,
                    recall.exact().high() * 100));
        }
        if (alarms.of() == 0) {
            words.add("No picture that should be left alone: nothing is known of false alarms.");
        } else if (alarms.hits() == 0) {
            words.add(String.format(
                    Locale.ROOT,
                    "No false alarm among %,d: by the rule of three the true rate may still be %,.0f in a million."
                            + " To show fewer than 1 in 10,000 takes %,.0f pictures without one.",
                    alarms.of(),
                    alarms.mostIfNone() * MILLION,
                    Math.ceil(Math.log(1 - 0.95) / Math.log1p(-GOAL))));
        } else if (alarms.of() < FEW_NEGATIVES) {
            words.add(String.format(
                    Locale.ROOT,
                    "Only %,d of the pictures should be left alone: the rate of false alarms is no more than a guess.",
                    alarms.of()));
        }
        return words;
    }
}
