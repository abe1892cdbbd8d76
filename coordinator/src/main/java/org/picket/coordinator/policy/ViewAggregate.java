package org.picket.coordinator.policy;

/// How the scores of several views of one object become one ruling.
public sealed interface ViewAggregate {

    /// Rules see, for each concept, the highest score of all views.
    record Max() implements ViewAggregate {}

    /// Rules see each view alone; a rule must hold on `k` views, or on all where there are fewer.
    record KOfN(int k) implements ViewAggregate {
        public KOfN {
            if (k < 1) {
                throw new IllegalArgumentException("k is at least 1: " + k);
            }
        }
    }
}
