package org.picket.model.evaluation;

/// What was said of pictures, against what they are.
///
/// @param truePositives said, and so
/// @param falsePositives said, and not so
/// @param falseNegatives not said, though so
/// @param trueNegatives not said, and not so
public record Confusion(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
    /// Nothing yet.
    public static final Confusion NONE = new Confusion(0, 0, 0, 0);

    private static final double MILLION = 1e6;

    /// With one more picture.
    public Confusion plus(boolean said, boolean so) {
        return new Confusion(
                truePositives + (said && so ? 1 : 0),
                falsePositives + (said && !so ? 1 : 0),
                falseNegatives + (!said && so ? 1 : 0),
                trueNegatives + (!said && !so ? 1 : 0));
    }

    /// Of what was said, how much is so; in a mix like this one.
    public Proportion precision() {
        return new Proportion(truePositives, truePositives + falsePositives);
    }

    /// Of what is so, how much was said.
    public Proportion recall() {
        return new Proportion(truePositives, truePositives + falseNegatives);
    }

    /// Of what is not so, how much was said.
    public Proportion falseAlarms() {
        return new Proportion(falsePositives, falsePositives + trueNegatives);
    }

    /// The share of flags that would be right where `perMillion` pictures of a million are so.
    ///
    /// @param recall share
    /// @param falseAlarms share
    public static double precisionAt(double perMillion, double recall, double falseAlarms) {
        double right = perMillion / MILLION * recall;
        double wrong = (1 - perMillion / MILLION) * falseAlarms;
        return right + wrong == 0 ? 0 : right / (right + wrong);
    }
}
