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
    private final CompiledRules rules;
    private final List<ContentHashes> allow;
    private final List<DenyList> deny;

    private record DenyList(String id, String category, ContentHashes hashes) {}

    private CompiledPolicy(Policy policy, Map<String, Integer> index) {
        this.policy = policy;
        this.rules = new CompiledRules(policy, index);
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
        return rules.concepts();
    }

    CompiledRules rules() {
        return rules;
    }

    public Rule rule(int index) {
        return policy.rules().get(index);
    }

    /// The first rule that holds for one object's scores, as an index into the policy's rules, or [#NO_RULE].
    ///
    /// @param q scores in fixed point, view after view
    /// @param from index of the object's first score
    /// @param views how many views it has; at least 1, else no rule holds
    public int firstMatch(short[] q, int from, int views) {
        return decision(decide(q, from, views)) instanceof Decision.Holds(int rule) ? rule : NO_RULE;
    }

    /// What the rules make of one object's scores, as a number from -1 to [#decisions] - 1 that [#decision]
    /// tells the meaning of. Looks at scores alone; allocates nothing, but for policies that adjust scores one
    /// array of the object's scores.
    public int decide(short[] q, int from, int views) {
        return rules.decide(q, from, views);
    }

    /// How many numbers [#decide] may tell, besides -1.
    public int decisions() {
        return rules.decisions();
    }

    /// What a number of [#decide] means.
    public Decision decision(int number) {
        return rules.decision(number);
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

    /// The scores that rule number `rule`, which holds, rests on.
    List<Basis> basis(int rule, ViewScores scores) {
        return rules.basis(rule, scores);
    }
}
