package org.picket.coordinator.ruling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.HashList;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.Rule;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;

/// A policy made ready for one bundle, and for the further bundles that have scored: concepts are places in a
/// view's scores, thresholds are fixed-point integers.
///
/// The scores of further bundles stand behind those of the first one, view by view, in the order of [#further].
/// Which ones there are is named by [#scored]: bit i for the bundle at place i.
///
/// Safe for any thread; made once per epoch, and once more, when first asked for, for each set of further
/// bundles that have scored.
public final class CompiledPolicy {
    /// Scores told of one finding.
    public static final int BASIS_LIMIT = 64;

    /// What [#firstMatch] returns when no rule holds.
    public static final int NO_RULE = -1;

    private final Policy policy;
    private final CompiledRules rules;
    private final Known known;
    private final Bundles bundles;
    private final int scored;
    private final ConcurrentHashMap<Integer, CompiledPolicy> stages;

    private record DenyList(String id, String category, ContentHashes hashes) {}

    private record Known(List<ContentHashes> allow, List<DenyList> deny) {}

    private record Bundles(List<String> concepts, List<FurtherBundle> further) {}

    private CompiledPolicy(
            Policy policy,
            Bundles bundles,
            Known known,
            int scored,
            ConcurrentHashMap<Integer, CompiledPolicy> stages) {
        this.policy = policy;
        this.bundles = bundles;
        this.known = known;
        this.scored = scored;
        this.stages = stages;
        var index = new HashMap<String, Integer>();
        bundles.concepts().forEach(concept -> place(index, concept));
        var names = new HashSet<String>();
        for (int i = 0; i < bundles.further().size(); i++) {
            if ((scored & 1 << i) != 0) {
                var further = bundles.further().get(i);
                names.add(further.name());
                further.concepts().forEach(concept -> place(index, FurtherTests.key(further.name(), concept)));
            }
        }
        this.rules = new CompiledRules(policy, Map.copyOf(index), names);
    }

    private static void place(Map<String, Integer> index, String concept) {
        if (index.put(concept, index.size()) != null) {
            throw new IllegalArgumentException("the bundle names a concept twice: " + concept);
        }
    }

    /// With no further bundle.
    ///
    /// @param bundleConcepts the bundle's concepts in the order of its scores
    /// @throws IllegalArgumentException if the bundle lacks a concept (ask `Policy.checkAgainst` first) or
    /// names one twice
    public static CompiledPolicy of(Policy policy, List<String> bundleConcepts) {
        return of(policy, bundleConcepts, List.of());
    }

    /// @param bundleConcepts the first bundle's concepts in the order of its scores
    /// @param further those that may score after it; a policy may ask for others too, which then never do
    /// @throws IllegalArgumentException if a bundle lacks a concept (ask `Policy.checkAgainst` and
    /// `Policy.checkFurther` first) or names one twice
    public static CompiledPolicy of(Policy policy, List<String> bundleConcepts, List<FurtherBundle> further) {
        var faults = policy.checkAgainst(bundleConcepts);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the bundle does not serve " + policy + ": " + faults);
        }
        if (further.size() > Limits.FURTHER_BUNDLES) {
            throw new IllegalArgumentException("more than " + Limits.FURTHER_BUNDLES + " further bundles");
        }
        var allowed = new ArrayList<ContentHashes>();
        var denied = new ArrayList<DenyList>();
        for (var list : policy.lists()) {
            switch (list.kind()) {
                case HashList.Allow allowing -> allowed.add(list.hashes());
                case HashList.Deny denying -> denied.add(new DenyList(list.id(), denying.category(), list.hashes()));
            }
        }
        return new CompiledPolicy(
                policy,
                new Bundles(List.copyOf(bundleConcepts), List.copyOf(further)),
                new Known(List.copyOf(allowed), List.copyOf(denied)),
                0,
                new ConcurrentHashMap<>());
    }

    /// The same policy, once further bundles have scored.
    ///
    /// @param bundlesScored as [#scored]
    public CompiledPolicy after(int bundlesScored) {
        if (bundlesScored == scored) {
            return this;
        }
        if (bundlesScored < 0 || bundlesScored >= 1 << bundles.further().size()) {
            throw new IllegalArgumentException("there are " + bundles.further().size() + " further bundles");
        }
        return stages.computeIfAbsent(
                bundlesScored, which -> new CompiledPolicy(policy, bundles, known, which, stages));
    }

    /// Which further bundles have scored: bit i stands for the one at place i of [#further].
    public int scored() {
        return scored;
    }

    /// Those that may score after the first one.
    public List<FurtherBundle> further() {
        return bundles.further();
    }

    /// The place of a further bundle among [#further]; empty for one that is not to be had.
    public OptionalInt place(String further) {
        return IntStream.range(0, bundles.further().size())
                .filter(i -> bundles.further().get(i).name().equals(further))
                .findFirst();
    }

    /// The further bundle that has to score an object before it can be ruled on; empty where none has to, or
    /// none that is to be had.
    ///
    /// @param scores of the object, by this policy's [#scored]
    public OptionalInt waitsFor(ViewScores scores) {
        if (bundles.further().isEmpty() || scores.views() == 0) {
            return OptionalInt.empty();
        }
        return decision(decide(scores.q(), scores.from(), scores.views())) instanceof Decision.Waits(var _, String name)
                ? place(name)
                : OptionalInt.empty();
    }

    public Policy policy() {
        return policy;
    }

    /// Scores per view, those of further bundles that have scored among them.
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
        for (var list : known.allow()) {
            if (list.contains(sha256)) {
                return true;
            }
        }
        return false;
    }

    /// The finding by the first deny list that has the content.
    Optional<Ruling.Flagged> denied(Digest sha256) {
        for (var list : known.deny()) {
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
