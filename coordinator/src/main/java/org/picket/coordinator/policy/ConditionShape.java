package org.picket.coordinator.policy;

import java.util.List;
import org.picket.coordinator.policy.Condition.ScoreTest;
import org.picket.proto.limit.FixedPoint;

/// What can be said of a condition without any score. Pure.
final class ConditionShape {
    private static final double HIGHEST = Short.MAX_VALUE / (double) FixedPoint.ONE;

    private ConditionShape() {}

    /// Whether the condition holds with every score at its lowest and no further bundle's.
    static boolean holdsWithoutScores(Condition condition) {
        return lowest(condition, true);
    }

    /// @param positive whether the condition being true speaks for what it is part of
    private static boolean lowest(Condition condition, boolean positive) {
        return switch (condition) {
            case ScoreTest test -> test.gte() <= Reading.LOWEST_THRESHOLD;
            case Condition.FurtherTest _ -> !positive;
            case Condition.GroupTest group ->
                group.members().stream()
                                .filter(member -> lowest(member, positive))
                                .count()
                        >= group.atLeast();
            case Condition.CountTest count ->
                count.members().stream()
                        .flatMap(member -> member.steps().stream())
                        .anyMatch(step -> step.gte() <= Reading.LOWEST_THRESHOLD);
            case Condition.Named named -> lowest(named.when(), positive);
            case Condition.Gated gated -> lowest(gated.gate(), positive) && lowest(gated.then(), positive);
            case Condition.Either either ->
                lowest(either.when(), positive) && lowest(either.then(), positive)
                        || !lowest(either.when(), !positive) && lowest(either.otherwise(), positive);
            case Condition.All all -> all.parts().stream().allMatch(part -> lowest(part, positive));
            case Condition.Any any -> any.parts().stream().anyMatch(part -> lowest(part, positive));
            case Condition.None none -> none.parts().stream().noneMatch(part -> lowest(part, !positive));
        };
    }

    /// Score tests that the condition may come to when it is compiled.
    static long size(Condition condition) {
        return switch (condition) {
            case ScoreTest _, Condition.FurtherTest _ -> 1;
            case Condition.GroupTest group ->
                (long) group.atLeast() * (group.members().size() - group.atLeast() + 1);
            case Condition.CountTest count -> size(count);
            case Condition.Named named -> size(named.when());
            case Condition.Gated gated -> size(gated.gate()) + size(gated.then());
            case Condition.Either either -> 2 * size(either.when()) + size(either.then()) + size(either.otherwise());
            case Condition.All all -> size(all.parts());
            case Condition.Any any -> size(any.parts());
            case Condition.None none -> size(none.parts());
        };
    }

    private static long size(List<Condition> parts) {
        return parts.stream().mapToLong(ConditionShape::size).sum();
    }

    private static long size(Condition.CountTest count) {
        long steps = 0;
        int most = 1;
        boolean sets = false;
        for (int i = 0; i < count.members().size(); i++) {
            Condition.Counted member = count.members().get(i);
            steps += member.steps().size();
            most = Math.max(most, member.most());
            sets |= i > 0 && count.members().get(i - 1).set() == member.set();
        }
        return steps * count.atLeast() * (sets ? most : 1);
    }

    /// Whether it asks a further bundle's scores.
    static boolean asksFurther(Condition condition) {
        return switch (condition) {
            case ScoreTest _, Condition.GroupTest _, Condition.CountTest _ -> false;
            case Condition.FurtherTest _ -> true;
            case Condition.Named named -> asksFurther(named.when());
            case Condition.Gated gated -> asksFurther(gated.gate()) || asksFurther(gated.then());
            case Condition.Either either ->
                asksFurther(either.when()) || asksFurther(either.then()) || asksFurther(either.otherwise());
            case Condition.All all -> all.parts().stream().anyMatch(ConditionShape::asksFurther);
            case Condition.Any any -> any.parts().stream().anyMatch(ConditionShape::asksFurther);
            case Condition.None none -> none.parts().stream().anyMatch(ConditionShape::asksFurther);
        };
    }

    /// Whether no rise of any score, as rules see them, ever makes it false.
    static boolean monotone(Condition condition) {
        return switch (condition) {
            case ScoreTest _, Condition.FurtherTest _, Condition.GroupTest _, Condition.CountTest _ -> true;
            case Condition.Named named -> monotone(named.when());
            case Condition.Gated gated -> monotone(gated.gate()) && monotone(gated.then());
            case Condition.Either _, Condition.None _ -> false;
            case Condition.All all -> all.parts().stream().allMatch(ConditionShape::monotone);
            case Condition.Any any -> any.parts().stream().allMatch(ConditionShape::monotone);
        };
    }

    /// The condition with every threshold moved by `near` to where the condition is true more often.
    static Condition relaxed(Condition condition, double near) {
        return switch (condition) {
            case ScoreTest test -> new ScoreTest(test.concept(), moved(test.gte(), near));
            case Condition.FurtherTest test ->
                new Condition.FurtherTest(test.bundle(), test.concept(), moved(test.gte(), near));
            case Condition.GroupTest group ->
                new Condition.GroupTest(
                        group.group(),
                        group.atLeast(),
                        group.members().stream()
                                .map(member -> new ScoreTest(member.concept(), moved(member.gte(), near)))
                                .toList());
            case Condition.CountTest count ->
                new Condition.CountTest(
                        count.group(),
                        count.atLeast(),
                        count.members().stream()
                                .map(member -> relaxed(member, near))
                                .toList());
            case Condition.Named named -> new Condition.Named(named.context(), relaxed(named.when(), near));
            case Condition.Gated gated -> new Condition.Gated(relaxed(gated.gate(), near), relaxed(gated.then(), near));
            case Condition.Either either ->
                new Condition.Any(List.of(
                        new Condition.Gated(relaxed(either.when(), near), relaxed(either.then(), near)),
                        new Condition.Gated(
                                new Condition.None(List.of(relaxed(either.when(), -near))),
                                relaxed(either.otherwise(), near))));
            case Condition.All all -> new Condition.All(relaxed(all.parts(), near));
            case Condition.Any any -> new Condition.Any(relaxed(any.parts(), near));
            case Condition.None none -> new Condition.None(relaxed(none.parts(), -near));
        };
    }

    private static List<Condition> relaxed(List<Condition> parts, double near) {
        return parts.stream().map(part -> relaxed(part, near)).toList();
    }

    private static Condition.Counted relaxed(Condition.Counted member, double near) {
        return new Condition.Counted(
                member.concept(),
                member.steps().stream()
                        .map(step -> new Condition.Step(moved(step.gte(), near), step.counts()))
                        .toList(),
                member.set());
    }

    private static double moved(double gte, double near) {
        return Math.clamp(Exact.sum(gte, -near), Reading.LOWEST_THRESHOLD, HIGHEST);
    }
}
