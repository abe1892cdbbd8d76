package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.HashList;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.Rule;
import org.picket.coordinator.policy.ViewAggregate;
import org.picket.proto.seal.Digest;

/// A policy made ready for one bundle: concepts are places in a view's scores, thresholds are fixed-point
/// integers.
///
/// Immutable and safe for any thread; made once per epoch.
public final class CompiledPolicy {
    /// Scores told of one finding.
    public static final int BASIS_LIMIT = 64;

    /// What [#firstMatch] returns when no rule holds.
    public static final int NO_RULE = -1;

    private final Policy policy;
    private final int concepts;
    private final RuleBasis[] explanations;
    private final RuleProgram[] programs;
    private final int k;
    private final List<ContentHashes> allow;
    private final List<DenyList> deny;

    private record DenyList(String id, String category, ContentHashes hashes) {}

    private CompiledPolicy(Policy policy, Map<String, Integer> index) {
        this.policy = policy;
        this.concepts = index.size();
        int rules = policy.rules().size();
        this.programs = new RuleProgram[rules];
        this.explanations = new RuleBasis[rules];
        for (int i = 0; i < rules; i++) {
            var when = policy.rules().get(i).when();
            programs[i] = RuleProgram.compile(when, index);
            explanations[i] = new RuleBasis(when, index);
        }
        this.k = switch (policy.views()) {
            case ViewAggregate.Max max -> 0;
            case ViewAggregate.KOfN kOfN -> kOfN.k();
        };
        var allowed = new ArrayList<ContentHashes>();
        var denied = new ArrayList<DenyList>();
        for (var list : policy.lists()) {
            switch (list.kind()) {
                case HashList.Allow allowing -> allowed.add(list.hashes());
                case HashList.Deny denying -> denied.add(new DenyList(list.id(), denying.category(), list.hashes()));
            }
        }
        this.allow = List.copyOf(allowed);
        this.deny = List.copyOf(denied);
    }

    /// @param bundleConcepts the bundle's concepts in the order of its scores
    /// @throws IllegalArgumentException if the bundle lacks a concept (ask `Policy.checkAgainst` first) or
    /// names one twice
    public static CompiledPolicy of(Policy policy, List<String> bundleConcepts) {
        var index = new HashMap<String, Integer>();
        for (int i = 0; i < bundleConcepts.size(); i++) {
            if (index.put(bundleConcepts.get(i), i) != null) {
                throw new IllegalArgumentException("the bundle names a concept twice: " + bundleConcepts.get(i));
            }
        }
        var faults = policy.checkAgainst(bundleConcepts);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the bundle does not serve " + policy + ": " + faults);
        }
        return new CompiledPolicy(policy, Map.copyOf(index));
    }

    public Policy policy() {
        return policy;
    }

    /// Scores per view.
    public int concepts() {
        return concepts;
    }

    public Rule rule(int index) {
        return policy.rules().get(index);
    }

    /// The first rule that holds for one object's scores, as an index into the policy's rules, or [#NO_RULE].
    /// Looks at scores alone; allocates nothing: what a replay calls in its loop.
    ///
    /// @param q scores in fixed point, view after view
    /// @param from index of the object's first score
    /// @param views how many views it has; at least 1, else no rule holds
    public int firstMatch(short[] q, int from, int views) {
        for (int i = 0; i < programs.length; i++) {
            if (holds(programs[i], q, from, views)) {
                return i;
            }
        }
        return NO_RULE;
    }

    private boolean holds(RuleProgram program, short[] q, int from, int views) {
        if (views == 1) {
            return program.holdsOn(q, from);
        }
        if (views == 0) {
            return false;
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

    boolean allows(Digest sha256) {
        for (var list : allow) {
            if (list.contains(sha256)) {
                return true;
            }
        }
        return false;
    }

    /// The finding by the first deny list that has the content.
    Optional<Ruling.Flagged> denied(Digest sha256) {
        for (var list : deny) {
            if (list.hashes().contains(sha256)) {
                return Optional.of(
                        new Ruling.Flagged(list.id(), list.category(), Ruling.Flagged.By.DENY_LIST, List.of()));
            }
        }
        return Optional.empty();
    }

    /// The scores that rule number `rule`, which holds, rests on: over all views where rules see the highest
    /// scores, else those of the first view on which it holds.
    List<Basis> basis(int rule, ViewScores scores) {
        if (k == 0) {
            return explanations[rule].of(scores);
        }
        for (int view = 0; view < scores.views(); view++) {
            int from = scores.from() + view * concepts;
            if (programs[rule].holdsOn(scores.q(), from)) {
                return explanations[rule].of(new ViewScores(scores.q(), from, 1, concepts));
            }
        }
        throw new IllegalStateException("a rule that holds, holds on some view");
    }
}
