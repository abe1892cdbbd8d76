package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.picket.coordinator.policy.Condition;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.ViewAggregate;

/// The rules of a policy, compiled. Immutable; safe for any thread.
///
/// What they make of an object is told as one number, so that a replay counts without allocating: see
/// [#decision].
final class CompiledRules {
    private static final RuleProgram NEVER = RuleProgram.compile(new Condition.Any(List.of()), Map.of());

    private final int concepts;
    private final Map<String, Integer> index;
    private final RuleBasis[] explanations;
    private final RuleProgram[] programs;
    /// What nearly holds, for rules that say so.
    private final RuleProgram[] nearly;
    /// For rules that ask further bundles: whether it may hold.
    private final RuleProgram[] hoping;
    /// For each rule, the further bundles that it asks and that have not scored, as numbers of the policy's.
    private final int[][] asked;
    private final RuleProgram[] wanted;
    private final List<String> bundles;
    private final Adjusting adjusting;
    private final int k;

    /// @param index the places of all scores that there are
    /// @param scored names of further bundles whose scores are among them
    CompiledRules(Policy policy, Map<String, Integer> index, Set<String> scored) {
        this.index = index;
        this.concepts = index.size();
        int rules = policy.rules().size();
        this.programs = new RuleProgram[rules];
        this.explanations = new RuleBasis[rules];
        this.nearly = new RuleProgram[rules];
        this.hoping = new RuleProgram[rules];
        this.asked = new int[rules][];
        this.bundles =
                policy.further().stream().map(further -> further.bundle()).toList();
        for (int i = 0; i < rules; i++) {
            var rule = policy.rules().get(i);
            programs[i] = RuleProgram.compile(rule.when(), index);
            explanations[i] = new RuleBasis(rule.when(), index);
            nearly[i] =
                    rule.nearly().map(near -> RuleProgram.compile(near, index)).orElse(NEVER);
            asked[i] = asked(rule.when(), scored);
            hoping[i] = asked[i].length == 0 ? NEVER : RuleProgram.hoping(rule.when(), index);
        }
        this.wanted = policy.further().stream()
                .map(further -> RuleProgram.compile(further.when(), index))
                .toArray(RuleProgram[]::new);
        this.adjusting = new Adjusting(policy.adjustments(), index);
        this.k = switch (policy.views()) {
            case ViewAggregate.Max _ -> 0;
            case ViewAggregate.KOfN kOfN -> kOfN.k();
        };
    }

    private int[] asked(Condition when, Set<String> scored) {
        var names = new ArrayList<String>();
        FurtherTests.names(when, names);
        return names.stream()
                .filter(name -> !scored.contains(name))
                .distinct()
                .mapToInt(bundles::indexOf)
                .sorted()
                .toArray();
    }

    int concepts() {
        return concepts;
    }

    /// The further bundles that a rule asks and that have not scored, as numbers of the policy's.
    int[] asked(int rule) {
        return asked[rule];
    }

    Map<String, Integer> index() {
        return index;
    }

    Adjusting adjusting() {
        return adjusting;
    }

    /// How many views a rule must hold on; 0: it is held against the highest scores of all views.
    int k() {
        return k;
    }

    /// How many numbers [#decide] tells, from -1 on.
    int decisions() {
        return programs.length * (2 + bundles.size());
    }

    /// What a number of [#decide] means.
    Decision decision(int number) {
        int rules = programs.length;
        if (number < 0) {
            return new Decision.Nothing();
        }
        if (number < rules) {
            return new Decision.Holds(number);
        }
        if (number < 2 * rules) {
            return new Decision.Nearly(number - rules);
        }
        int waiting = number - 2 * rules;
        return new Decision.Waits(waiting / bundles.size(), bundles.get(waiting % bundles.size()));
    }

    /// What the rules make of one object's scores, as a number. Allocates nothing, but for policies that adjust
    /// scores one array of the object's scores.
    int decide(short[] q, int from, int views) {
        if (views == 0) {
            return CompiledPolicy.NO_RULE;
        }
        if (adjusting.none()) {
            return decideSeen(q, from, views);
        }
        var seen = seen(new ViewScores(q, from, views, concepts));
        return decideSeen(seen.q(), seen.from(), seen.views());
    }

    private int decideSeen(short[] q, int from, int views) {
        int rules = programs.length;
        for (int i = 0; i < rules; i++) {
            if (holds(programs[i], q, from, views)) {
                return i;
            }
            if (asked[i].length > 0 && holds(hoping[i], q, from, views)) {
                for (int bundle : asked[i]) {
                    if (holds(wanted[bundle], q, from, views)) {
                        return 2 * rules + i * bundles.size() + bundle;
                    }
                }
            }
        }
        for (int i = 0; i < rules; i++) {
            if (holds(nearly[i], q, from, views)) {
                return rules + i;
            }
        }
        return CompiledPolicy.NO_RULE;
    }

    /// How a rule comes out by itself, whatever those before it do.
    ///
    /// @param seen scores as rules see them
    Explanation.ExplainedRule.Standing standing(int rule, ViewScores seen) {
        if (holds(programs[rule], seen.q(), seen.from(), seen.views())) {
            return Explanation.ExplainedRule.Standing.HOLDS;
        }
        if (holds(hoping[rule], seen.q(), seen.from(), seen.views())) {
            for (int bundle : asked[rule]) {
                if (holds(wanted[bundle], seen.q(), seen.from(), seen.views())) {
                    return Explanation.ExplainedRule.Standing.WAITS;
                }
            }
        }
        return holds(nearly[rule], seen.q(), seen.from(), seen.views())
                ? Explanation.ExplainedRule.Standing.NEARLY
                : Explanation.ExplainedRule.Standing.DOES_NOT;
    }

    private boolean holds(RuleProgram program, short[] q, int from, int views) {
        if (views == 1) {
            return program.holdsOn(q, from);
        }
        if (k == 0) {
            return program.holdsOnHighest(q, from, views, concepts);
        }
        int needed = Math.min(k, views);
        for (int view = 0; view < views && needed > 0; view++) {
            if (program.holdsOn(q, from + view * concepts)) {
                needed--;
            }
        }
        return needed == 0;
    }

    /// The scores as rules see them: the highest of all views where these are taken together, with what
    /// adjustments add.
    ViewScores seen(ViewScores scores) {
        if (k == 0 && scores.views() > 1) {
            var highest = new short[concepts];
            for (int i = 0; i < concepts; i++) {
                highest[i] = scores.highest(i);
            }
            return adjusted(new ViewScores(highest, 0, 1, concepts));
        }
        return adjusted(scores);
    }

    private ViewScores adjusted(ViewScores scores) {
        if (adjusting.none()) {
            return scores;
        }
        var seen = new short[scores.views() * concepts];
        for (int view = 0; view < scores.views(); view++) {
            var one = adjusting.view(scores.q(), scores.from() + view * concepts, concepts);
            System.arraycopy(one, 0, seen, view * concepts, concepts);
        }
        return new ViewScores(seen, 0, scores.views(), concepts);
    }

    /// The scores that rule number `rule`, which holds, rests on: over all views where rules see the highest
    /// scores, else those of the first view on which it holds.
    List<Basis> basis(int rule, ViewScores scores) {
        var seen = seen(scores);
        if (k == 0) {
            return explanations[rule].of(seen);
        }
        for (int view = 0; view < seen.views(); view++) {
            int from = seen.from() + view * concepts;
            if (programs[rule].holdsOn(seen.q(), from)) {
                return explanations[rule].of(new ViewScores(seen.q(), from, 1, concepts));
            }
        }
        throw new IllegalStateException("a rule that holds, holds on some view");
    }
}
