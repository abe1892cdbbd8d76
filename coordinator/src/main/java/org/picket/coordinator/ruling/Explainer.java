package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.policy.Adjustment;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.ruling.Explanation.ExplainedRule;
import org.picket.coordinator.ruling.Explanation.Node;
import org.picket.proto.limit.FixedPoint;

/// Explains decisions: walks the conditions themselves, as [RuleBasis] does. Pure.
public final class Explainer {
    private final CompiledPolicy policy;
    private final CompiledRules rules;
    private final ViewScores raw;
    private final ViewScores seen;

    private Explainer(CompiledPolicy policy, ViewScores scores) {
        this.policy = policy;
        this.rules = policy.rules();
        this.raw = scores;
        this.seen = rules.seen(scores);
    }

    /// @param scores of one object, with at least one view
    /// @throws IllegalArgumentException if the scores are those of another bundle, or of no view
    public static Explanation explain(CompiledPolicy policy, ViewScores scores) {
        if (scores.concepts() != policy.concepts() || scores.views() == 0) {
            throw new IllegalArgumentException(scores.views() + " views of " + scores.concepts()
                    + " scores cannot be explained for a bundle of " + policy.concepts());
        }
        return new Explainer(policy, scores).explanation();
    }

    private Explanation explanation() {
        var decision = policy.decision(policy.decide(raw.q(), raw.from(), raw.views()));
        var explained = new ArrayList<ExplainedRule>();
        for (int i = 0; i < policy.policy().rules().size(); i++) {
            explained.add(rule(i));
        }
        var adjustments =
                policy.policy().adjustments().stream().map(this::adjusted).toList();
        return new Explanation(decision, raw.views(), rules.k(), adjustments, explained);
    }

    /// Of the scores as they came; where views are taken one by one, of the first on which it holds.
    private Explanation.Adjusted adjusted(Adjustment adjustment) {
        var told = unadjusted(0);
        for (int view = 1; rules.k() > 0 && view < raw.views() && !told.holds(adjustment.when(), true); view++) {
            var next = unadjusted(view);
            told = next.holds(adjustment.when(), true) ? next : told;
        }
        return new Explanation.Adjusted(
                adjustment.concepts(),
                adjustment.add(),
                told.holds(adjustment.when(), true),
                told.node(adjustment.when(), true));
    }

    private Walk unadjusted(int view) {
        if (rules.k() == 0) {
            return new Walk(rules.index(), highestRaw(), highestRaw(), raw, 0);
        }
        var one = new ViewScores(raw.q(), raw.from() + view * raw.concepts(), 1, raw.concepts());
        return new Walk(rules.index(), one, one, raw, view + 1);
    }

    private ExplainedRule rule(int number) {
        var rule = policy.rule(number);
        int held = 0;
        int told = -1;
        int best = -1;
        for (int view = 0; view < seen.views(); view++) {
            var walk = walk(view);
            boolean holds = walk.holds(rule.when(), true);
            held += holds ? 1 : 0;
            // The first view on which it holds, else the one on which most of it does.
            int rank = holds ? Integer.MAX_VALUE : walk.passed(rule.when());
            if (rank > best) {
                best = rank;
                told = view;
            }
        }
        return new ExplainedRule(
                rule.id(),
                rule.category(),
                rules.standing(number, seen),
                rules.k() == 0 ? 0 : told + 1,
                held,
                walk(told).node(rule.when(), true));
    }

    private Walk walk(int view) {
        int concepts = seen.concepts();
        var one = new ViewScores(seen.q(), seen.from() + view * concepts, 1, concepts);
        return rules.k() == 0
                ? new Walk(rules.index(), one, highestRaw(), raw, 0)
                : new Walk(
                        rules.index(),
                        one,
                        new ViewScores(raw.q(), raw.from() + view * concepts, 1, concepts),
                        raw,
                        view + 1);
    }

    private ViewScores highestRaw() {
        var highest = new short[raw.concepts()];
        for (int i = 0; i < highest.length; i++) {
            highest[i] = raw.highest(i);
        }
        return new ViewScores(highest, 0, 1, highest.length);
    }

    /// @param seen as rules see it
    /// @param before adjustments
    /// @param all views, as they came
    /// @param view the one that is told of; 0: the highest of all
    private record Walk(Map<String, Integer> index, ViewScores seen, ViewScores before, ViewScores all, int view) {

        boolean holds(Condition condition, boolean positive) {
            return new RuleBasis.Walk(index, seen).holds(condition, positive);
        }

        /// How many of the tests that speak for it are passed.
        int passed(Condition condition) {
            return new RuleBasis(condition, index).passed(seen);
        }

        Node node(Condition condition, boolean positive) {
            boolean holds = holds(condition, positive);
            return switch (condition) {
                case Condition.ScoreTest test -> test(test.concept(), test.gte(), holds, 1);
                case Condition.FurtherTest test ->
                    index.containsKey(FurtherTests.key(test))
                            ? test(FurtherTests.key(test), test.gte(), holds, 1)
                            : plain(
                                    "bundle \"" + test.bundle() + "\": " + test.concept() + ", which it has not scored",
                                    holds,
                                    List.of());
                case Condition.GroupTest group -> group(group, holds);
                case Condition.CountTest count -> count(count, holds);
                case Condition.Named named ->
                    plain("context " + named.context(), holds, List.of(node(named.when(), positive)));
                case Condition.Gated gated ->
                    plain("gate, and then", holds, List.of(node(gated.gate(), positive), node(gated.then(), positive)));
                case Condition.Either either -> either(either, positive, holds);
                case Condition.All all -> plain("all of", holds, nodes(all.parts(), positive));
                case Condition.Any any -> plain("any of", holds, nodes(any.parts(), positive));
                case Condition.None none -> plain("none of", holds, nodes(none.parts(), !positive));
            };
        }

        private List<Node> nodes(List<Condition> parts, boolean positive) {
            return parts.stream().map(part -> node(part, positive)).toList();
        }

        private Node either(Condition.Either either, boolean positive, boolean holds) {
            boolean first = holds(either.when(), positive);
            return plain(
                    first ? "as this context holds" : "as this context does not hold",
                    holds,
                    List.of(node(either.when(), positive), node(first ? either.then() : either.otherwise(), positive)));
        }

        private Node group(Condition.GroupTest group, boolean holds) {
            var members = group.members().stream()
                    .map(member -> test(member.concept(), member.gte(), holds(member, true), 1))
                    .toList();
            return group(
                    group.group(),
                    group.atLeast(),
                    members,
                    members.stream().filter(Node::holds).count(),
                    holds);
        }

        private Node count(Condition.CountTest count, boolean holds) {
            var tally = Tally.of(count, concept -> seen.highest(index.get(concept)));
            var members = tally.lines().stream()
                    .map(line -> test(
                            line.member().concept(),
                            line.step().orElse(line.member().steps().getLast()).gte(),
                            line.step().isPresent(),
                            line.counts()
                                    ? line.step().map(Condition.Step::counts).orElse(0)
                                    : 0))
                    .toList();
            return group(count.group(), count.atLeast(), members, tally.sum(), holds);
        }

        private static Node group(String id, int atLeast, List<Node> members, long counted, boolean holds) {
            var told = members.stream()
                    .sorted(Comparator.comparingDouble(Walk::margin).reversed())
                    .limit(Explanation.MEMBERS_TOLD)
                    .toList();
            return new Node(
                    "group " + id + ": " + counted + " of at least " + atLeast,
                    holds,
                    Optional.empty(),
                    told,
                    members.size() - told.size());
        }

        private static double margin(Node member) {
            return member.test().map(test -> test.score() - test.threshold()).orElse(0.0);
        }

        private Node test(String concept, double gte, boolean holds, int counts) {
            int place = index.get(concept);
            int score = seen.at(0, place);
            int added = score - before.at(0, place);
            var test = new Explanation.Test(
                    FixedPoint.toDouble((short) score),
                    added / (double) FixedPoint.ONE,
                    gte,
                    view == 0 ? best(place) : view,
                    counts);
            return new Node(concept, holds, Optional.of(test), List.of(), 0);
        }

        private int best(int place) {
            int best = 0;
            for (int i = 1; i < all.views(); i++) {
                if (all.at(i, place) > all.at(best, place)) {
                    best = i;
                }
            }
            return best + 1;
        }

        private static Node plain(String what, boolean holds, List<Node> parts) {
            return new Node(what, holds, Optional.empty(), parts, 0);
        }
    }
}
