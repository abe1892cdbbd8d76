package org.picket.coordinator.ruling;

import java.util.List;
import org.picket.coordinator.policy.Condition;

/// The further bundles that a condition asks, and the places of their scores.
final class FurtherTests {
    private FurtherTests() {}

    /// What a further bundle's concept is called among the scores of several bundles. No concept has such a name
    /// itself, and no bundle has a colon in its own.
    static String key(String bundle, String concept) {
        return bundle + ": " + concept;
    }

    static String key(Condition.FurtherTest test) {
        return key(test.bundle(), test.concept());
    }

    static void names(Condition condition, List<String> into) {
        switch (condition) {
            case Condition.ScoreTest _, Condition.GroupTest _, Condition.CountTest _ -> {
                // They ask the first bundle alone.
            }
            case Condition.FurtherTest test -> into.add(test.bundle());
            case Condition.Named named -> names(named.when(), into);
            case Condition.Gated gated -> names(List.of(gated.gate(), gated.then()), into);
            case Condition.Either either -> names(List.of(either.when(), either.then(), either.otherwise()), into);
            case Condition.All all -> names(all.parts(), into);
            case Condition.Any any -> names(any.parts(), into);
            case Condition.None none -> names(none.parts(), into);
        }
    }

    private static void names(List<Condition> parts, List<String> into) {
        parts.forEach(part -> names(part, into));
    }
}
