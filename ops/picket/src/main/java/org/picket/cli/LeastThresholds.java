package org.picket.cli;

import java.util.HashMap;
import java.util.Map;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.Rule;

/// The lowest threshold that a policy's rules put on each concept: what an evaluation tells of a concept at.
final class LeastThresholds {
    private final Map<String, Double> least = new HashMap<>();

    private LeastThresholds() {}

    static Map<String, Double> of(Policy policy) {
        LeastThresholds thresholds = new LeastThresholds();
        policy.rules().stream().map(Rule::when).forEach(thresholds::collect);
        return Map.copyOf(thresholds.least);
    }

    private void add(String concept, double gte) {
        least.merge(concept, gte, Math::min);
    }

    private void collect(Condition condition) {
        switch (condition) {
            case Condition.ScoreTest test -> add(test.concept(), test.gte());
            case Condition.FurtherTest test -> {
                // Of another bundle's score.
            }
            case Condition.GroupTest group -> group.members().forEach(this::collect);
            case Condition.CountTest count ->
                count.members().forEach(member -> member.steps().forEach(step -> add(member.concept(), step.gte())));
            case Condition.Named named -> collect(named.when());
            case Condition.Gated gated -> {
                collect(gated.gate());
                collect(gated.then());
            }
            case Condition.Either either -> {
                collect(either.when());
                collect(either.then());
                collect(either.otherwise());
            }
            case Condition.All all -> all.parts().forEach(this::collect);
            case Condition.Any any -> any.parts().forEach(this::collect);
            case Condition.None none -> none.parts().forEach(this::collect);
        }
    }
}
