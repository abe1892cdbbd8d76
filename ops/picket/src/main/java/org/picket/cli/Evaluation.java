package org.picket.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.picket.coordinator.policy.Rule;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.Decision;
import org.picket.model.evaluation.Calibration;
import org.picket.model.evaluation.Confusion;
import org.picket.model.evaluation.Curve;
import org.picket.model.evaluation.Proportion;
import org.picket.model.evaluation.Scored;
import org.picket.proto.limit.FixedPoint;

/// What labelled pictures say of a bundle and a policy.
///
/// @param judged pictures with scores
/// @param apart pictures without a ruling, by reason; they are neither right nor wrong
/// @param unlabelled files of which nobody says anything
/// @param listed pictures that a list of the policy has; they are ruled by their scores here all the same
/// @param policy flags against labels; all zero where no picture says what to expect
/// @param unruled labelled pictures on which the policy was not right and not wrong
/// @param rules by the order of the policy
/// @param moved flags against labels if all scores were so much higher, by rising move
/// @param concepts those that pictures have labels for
record Evaluation(
        int judged,
        SortedMap<String, Integer> apart,
        int unlabelled,
        int listed,
        Confusion policy,
        Unruled unruled,
        List<OfRule> rules,
        List<Moved> moved,
        List<OfConcept> concepts) {
    private static final int MOVES_EACH_WAY = 20;

    Evaluation {
        apart = new TreeMap<>(apart);
        rules = List.copyOf(rules);
        moved = List.copyOf(moved);
        concepts = List.copyOf(concepts);
    }

    /// Pictures with a label for the policy and without a ruling: left undecided by it, or not to be read. A
    /// policy, or a folder, can hide misses among them.
    ///
    /// @param flagged those that ought to be flagged
    /// @param cleared those that ought not
    record Unruled(long flagged, long cleared) {
        boolean any() {
            return flagged + cleared > 0;
        }
    }

    /// Recall where what was not ruled on counts as missed.
    Proportion leastRecall() {
        Proportion recall = policy.recall();
        return new Proportion(recall.hits(), recall.of() + unruled.flagged());
    }

    /// One rule.
    ///
    /// @param right of the pictures that it was the first to flag, those that ought to be flagged
    /// @param found of the pictures that ought to be flagged, those that it was the first to flag
    record OfRule(String id, Proportion right, Proportion found) {}

    /// What the policy would say if every score were higher by `move`.
    ///
    /// @param rules right and found of each rule that looks at scores, in the order of the policy
    record Moved(double move, Confusion policy, List<OfRule> rules) {
        Moved {
            rules = List.copyOf(rules);
        }
    }

    /// One score against the labels of its concept; a picture's score is its highest over all views.
    ///
    /// @param curve over all thresholds
    /// @param calibration share by score
    /// @param at the threshold that is told of, and what it says
    /// @param byPolicy whether that is the lowest one of the policy's; else it is the one with the highest F1 here
    record OfConcept(
            String name, Scored scored, Curve curve, Calibration calibration, Curve.Point at, boolean byPolicy) {}

    /// Compares what was judged with the labels. Pure.
    static Evaluation of(List<Judged> everyone, int unlabelled, CompiledPolicy policy, List<String> concepts) {
        List<Judged> all = Repeats.apart(everyone);
        List<Judged.Scored> scored = new ArrayList<>();
        SortedMap<String, Integer> apart = new TreeMap<>();
        for (Judged one : all) {
            switch (one) {
                case Judged.Scored with -> {
                    scored.add(with);
                    with.undecided().ifPresent(reason -> apart.merge(reason, 1, Integer::sum));
                }
                case Judged.Apart without -> apart.merge(without.reason(), 1, Integer::sum);
            }
        }
        List<Judged.Scored> expected = scored.stream()
                .filter(one -> one.picture().flagged().isPresent())
                .toList();
        List<Judged.Scored> decided =
                expected.stream().filter(one -> one.undecided().isEmpty()).toList();
        Confusion confusion = Confusion.NONE;
        for (Judged.Scored one : decided) {
            confusion = confusion.plus(one.rule().isPresent(), so(one));
        }
        return new Evaluation(
                scored.size(),
                apart,
                unlabelled,
                (int) scored.stream().filter(Judged.Scored::listed).count(),
                confusion,
                unruled(all),
                rules(decided),
                moved(expected, policy),
                concepts(scored, concepts, LeastThresholds.of(policy.policy())));
    }

    private static Unruled unruled(List<Judged> all) {
        long flagged = 0;
        long cleared = 0;
        for (Judged one : all) {
            boolean ruled = switch (one) {
                case Judged.Scored scored -> scored.undecided().isEmpty();
                // Of a content that counts already, or of which nobody knows what to expect.
                case Judged.Apart apart ->
                    apart.reason().equals(Repeats.COPY) || apart.reason().equals(Repeats.CONTRADICTORY);
            };
            if (!ruled && one.picture().flagged().isPresent()) {
                flagged += one.picture().flagged().get() ? 1 : 0;
                cleared += one.picture().flagged().get() ? 0 : 1;
            }
        }
        return new Unruled(flagged, cleared);
    }

    private static boolean so(Judged.Scored one) {
        return one.picture().flagged().orElse(false);
    }

    private static List<OfRule> rules(List<Judged.Scored> expected) {
        return expected.stream()
                .flatMap(one -> one.rule().stream())
                .distinct()
                .sorted()
                .map(rule -> ofRule(rule, expected, one -> one.rule().equals(Optional.of(rule)) ? 1 : 0))
                .toList();
    }

    private static OfRule ofRule(String id, List<Judged.Scored> expected, ToIntFunction<Judged.Scored> first) {
        long right = 0;
        long flagged = 0;
        long ought = 0;
        for (Judged.Scored one : expected) {
            int by = first.applyAsInt(one);
            flagged += by;
            right += so(one) ? by : 0;
            ought += so(one) ? 1 : 0;
        }
        return new OfRule(id, new Proportion(right, flagged), new Proportion(right, ought));
    }

    /// Moves are spread over half of the range in which nine of ten scores lie, either way.
    private static List<Moved> moved(List<Judged.Scored> expected, CompiledPolicy policy) {
        short[] sorted = sample(expected);
        if (sorted.length == 0) {
            return List.of();
        }
        int spread = sorted[sorted.length * 95 / 100] - sorted[sorted.length * 5 / 100];
        int step = Math.max(1, spread / 2 / MOVES_EACH_WAY);
        List<Moved> moved = new ArrayList<>();
        for (int move = -MOVES_EACH_WAY; move <= MOVES_EACH_WAY; move++) {
            moved.add(moved(expected, policy, move * step));
        }
        return moved;
    }

    private static short[] sample(List<Judged.Scored> expected) {
        int most = 1_000_000;
        long all = expected.stream().mapToLong(one -> one.scores().length).sum();
        int every = (int) (all / most + 1);
        short[] sample = new short[(int) (all / every)];
        long at = 0;
        int filled = 0;
        for (Judged.Scored one : expected) {
            for (short score : one.scores()) {
                if (at++ % every == 0 && filled < sample.length) {
                    sample[filled++] = score;
                }
            }
        }
        Arrays.sort(sample);
        return sample;
    }

    private static Moved moved(List<Judged.Scored> expected, CompiledPolicy policy, int steps) {
        Confusion confusion = Confusion.NONE;
        int rules = policy.policy().rules().size();
        long[] right = new long[rules];
        long[] flagged = new long[rules];
        long ought = 0;
        for (Judged.Scored one : expected) {
            short[] higher = new short[one.scores().length];
            for (int at = 0; at < higher.length; at++) {
                higher[at] = (short) Math.clamp(one.scores()[at] + steps, Short.MIN_VALUE, Short.MAX_VALUE);
            }
            switch (policy.decision(policy.decide(higher, 0, one.views()))) {
                case Decision.Nothing nothing -> {
                    confusion = confusion.plus(false, so(one));
                    ought += so(one) ? 1 : 0;
                }
                case Decision.Holds holds
                when policy.rule(holds.rule()).outcome() == Rule.Outcome.FLAGGED -> {
                    confusion = confusion.plus(true, so(one));
                    ought += so(one) ? 1 : 0;
                    flagged[holds.rule()]++;
                    right[holds.rule()] += so(one) ? 1 : 0;
                }
                // Neither said nor not said.
                case Decision.Holds undecided -> {}
                case Decision.Nearly nearly -> {}
                case Decision.Waits waits -> {}
            }
        }
        List<OfRule> each = new ArrayList<>();
        for (int rule = 0; rule < rules; rule++) {
            each.add(new OfRule(
                    policy.rule(rule).id(),
                    new Proportion(right[rule], flagged[rule]),
                    new Proportion(right[rule], ought)));
        }
        return new Moved(steps / (double) FixedPoint.ONE, confusion, each);
    }

    private static List<OfConcept> concepts(
            List<Judged.Scored> scored, List<String> names, Map<String, Double> thresholds) {
        List<OfConcept> concepts = new ArrayList<>();
        for (int concept = 0; concept < names.size(); concept++) {
            String name = names.get(concept);
            int place = concept;
            List<Scored.Pair> pairs = scored.stream()
                    .filter(one -> one.picture().shown().containsKey(name))
                    .map(one -> new Scored.Pair(
                            FixedPoint.toDouble(one.highest(place)),
                            one.picture().shown().get(name)))
                    .toList();
            if (!pairs.isEmpty()) {
                Scored with = Scored.of(pairs);
                Curve curve = Curve.of(with);
                Curve.Point at = Optional.ofNullable(thresholds.get(name))
                        .map(threshold -> new Curve.Point(threshold, with.at(threshold)))
                        .orElseGet(curve::best);
                concepts.add(new OfConcept(name, with, curve, Calibration.of(with), at, thresholds.containsKey(name)));
            }
        }
        return concepts;
    }
}
