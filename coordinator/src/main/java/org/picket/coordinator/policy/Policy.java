package org.picket.coordinator.policy;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.PolicyFile;

/// A sound policy: rules over scores, lists of known content, and the bounds on what may be done about a
/// finding.
///
/// Immutable and safe for any thread. Two policies are equal when their meaning is: layout, comments and the
/// way in which a list is spread over files make no difference.
public final class Policy {
    private static final String STAND_IN = "stand-in.textproto";

    private final Source source;
    private final Scoring scoring;
    private final List<HashList> lists;
    private final Bounds bounds;
    private final Vocabulary vocabulary;
    private final Digest digest;

    /// As it was written, and as it was parsed.
    record Source(String text, PolicyFile file) {}

    /// The numbers of a policy.
    record Bounds(Fuses fuses, ViewAggregate views, Scope scope) {}

    /// The names that a policy takes from bundles.
    ///
    /// @param bundles names of the bundles it was written for; may be empty
    /// @param uses each use of a concept, in the order of the text
    record Vocabulary(List<String> bundles, List<ConceptUse> uses) {
        Vocabulary {
            bundles = List.copyOf(bundles);
            uses = List.copyOf(uses);
        }
    }

    /// A concept's name where it stands in the text.
    record ConceptUse(String concept, int line, int column) {}

    /// How scores become rulings.
    record Scoring(List<Rule> rules, List<Adjustment> adjustments, List<Further> further) {
        Scoring {
            rules = List.copyOf(rules);
            adjustments = List.copyOf(adjustments);
            further = List.copyOf(further);
        }
    }

    Policy(Source source, Scoring scoring, List<HashList> lists, Bounds bounds, Vocabulary vocabulary, Digest digest) {
        this.source = source;
        this.scoring = scoring;
        this.lists = List.copyOf(lists);
        this.bounds = bounds;
        this.vocabulary = vocabulary;
        this.digest = digest;
    }

    /// Reads a policy's text.
    ///
    /// @param base the folder that list files are relative to and must lie in
    public static PolicyParsed parse(String text, Path base) {
        return new PolicyReader(Optional.of(base)).read(text);
    }

    /// Reads the text of a policy that came from elsewhere: it may name no list file, and none is looked for here.
    public static PolicyParsed parse(String text) {
        return new PolicyReader(Optional.empty()).read(text);
    }

    /// The policy of the stand-in bundle. It detects nothing but synthetic lighthouses.
    public static Policy standIn() {
        return parse(standInText(), Path.of(".")).orThrow();
    }

    /// The text of [#standIn], comments and all: what a new policy may start from.
    public static String standInText() {
        try (var stream = Policy.class.getResourceAsStream(STAND_IN)) {
            if (stream == null) {
                throw new IllegalStateException("this build lacks its resource " + STAND_IN);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + STAND_IN, e);
        }
    }

    public String id() {
        return source.file().getId();
    }

    /// A text of this policy that needs no list file: as written where it names none, else with the files'
    /// entries in place of their names, and without comments. It means the same, so its digest is the same. It is
    /// no longer than a policy may be: one whose lists are too long for that is no sound policy.
    public String selfContained() {
        if (source.file().getListList().stream().allMatch(list -> list.getFileCount() == 0)) {
            return source.text();
        }
        var file = source.file().toBuilder();
        for (int i = 0; i < lists.size(); i++) {
            var hashes = lists.get(i).hashes();
            var list = file.getListBuilder(i).clearSha256().clearFile();
            for (int j = 0; j < hashes.size(); j++) {
                list.addSha256(HexFormat.of().formatHex(hashes.at(j)));
            }
        }
        return TextFormat.printer().printToString(file);
    }

    public int version() {
        return source.file().getVersion();
    }

    /// In the order in which they are tried.
    public List<Rule> rules() {
        return scoring.rules();
    }

    /// What is added to scores before rules see them.
    public List<Adjustment> adjustments() {
        return scoring.adjustments();
    }

    /// Bundles that look a second time at some objects.
    public List<Further> further() {
        return scoring.further();
    }

    /// Whether the rule is monotone: no rise of any score ever makes it false. So are the rules without `none`,
    /// without an override or an `unless` that matters, in policies whose adjustments all add and are monotone
    /// themselves. (Of what an earlier rule does, this says nothing: the first one that holds decides.)
    public boolean monotone(Rule rule) {
        return ConditionShape.monotone(rule.when())
                && scoring.adjustments().stream()
                        .allMatch(adjustment -> adjustment.steps() > 0 && ConditionShape.monotone(adjustment.when()));
    }

    public List<HashList> lists() {
        return lists;
    }

    public Fuses fuses() {
        return bounds.fuses();
    }

    public ViewAggregate views() {
        return bounds.views();
    }

    public Scope scope() {
        return bounds.scope();
    }

    /// Names of the bundles that it was written for; empty where it does not say.
    public List<String> bundles() {
        return vocabulary.bundles();
    }

    /// Every concept that it names.
    public SortedSet<String> concepts() {
        var names = new TreeSet<String>();
        vocabulary.uses().forEach(use -> names.add(use.concept()));
        return names;
    }

    /// SHA-256 over the canonical form, with the content of list files; see [PolicyEpoch].
    public Digest digest() {
        return digest;
    }

    /// What a finding by the rule or deny list `ruleId` allows at most; OBSERVE where this policy has no such
    /// rule. For imported lists, see [ListRule], `matches` says.
    public Action ceiling(String ruleId) {
        var imported = ListRule.parse(ruleId);
        if (imported.isPresent()) {
            return imported.get().trust() == ListRule.ACTING_TRUST
                    ? matched(imported.get().type())
                    : Action.OBSERVE;
        }
        for (var rule : scoring.rules()) {
            if (rule.id().equals(ruleId)) {
                return rule.action();
            }
        }
        for (var list : lists) {
            if (list.id().equals(ruleId) && list.kind() instanceof HashList.Deny deny) {
                return deny.action();
            }
        }
        return Action.OBSERVE;
    }

    /// How many verdicts a finding of a rule or a list needs. A list needs one: content is what it is.
    public Quorum quorum(String ruleId) {
        return rules().stream()
                .filter(rule -> rule.id().equals(ruleId))
                .findFirst()
                .map(Rule::quorum)
                .orElse(Quorum.ONE);
    }

    private Action matched(HashType type) {
        var matches = source.file().getMatches();
        var action = switch (type) {
            case SHA256 -> matches.getSha256();
            case MD5 -> matches.getMd5();
            case PDQ -> matches.getPdq();
        };
        return action == PolicyFile.Action.ACTION_UNSPECIFIED ? Action.QUARANTINE : ScoringReader.action(action);
    }

    /// What the policy asks for in vain, a sentence each: rules that can never hold, rules that others always
    /// forestall, lists without an entry. What is not told may be in vain all the same.
    public List<String> idle() {
        return IdleRules.of(this);
    }

    /// What speaks against this bundle as the first one: thresholds mean something for the bundle alone that they
    /// were made with.
    public Optional<String> checkBundle(String name) {
        return bundles().isEmpty() || bundles().contains(name)
                ? Optional.empty()
                : Optional.of(
                        "the policy is for the bundle \"" + String.join("\", \"", bundles()) + "\" (`uses`), and \""
                                + name + "\" is given: give that one, or a policy whose thresholds were made with it");
    }

    /// One fault for each concept that a bundle does not have, at its first use; empty if the bundle serves
    /// this policy.
    public List<Fault> checkAgainst(Collection<String> bundleConcepts) {
        var known = new HashSet<>(bundleConcepts);
        Map<String, Policy.ConceptUse> unknown = new HashMap<>();
        for (var use : vocabulary.uses()) {
            if (!known.contains(use.concept())) {
                unknown.putIfAbsent(use.concept(), use);
            }
        }
        var faults = new ArrayList<Fault>();
        for (var use : unknown.values()) {
            faults.add(new Fault(
                    use.line(),
                    use.column(),
                    "the bundle has no concept \"" + use.concept() + "\"; it has " + Reading.named(bundleConcepts)));
        }
        faults.sort(null);
        return List.copyOf(faults);
    }

    /// What speaks against further bundles, in words; nothing where each of them has the concepts that the policy
    /// asks it for. Bundles that are not given are no fault here; [#lacking] names them.
    ///
    /// @param given concepts of each, by name
    public List<String> checkFurther(Map<String, List<String>> given) {
        var faults = new ArrayList<String>();
        for (var asked : further()) {
            Optional.ofNullable(given.get(asked.bundle()))
                    .ifPresent(concepts -> asked.concepts().stream()
                            .filter(concept -> !concepts.contains(concept))
                            .forEach(concept -> faults.add("the bundle \"" + asked.bundle() + "\" has no concept \""
                                    + concept + "\"; it has " + Reading.named(concepts))));
        }
        return List.copyOf(faults);
    }

    /// Names of further bundles that the policy asks and that are not given, in its order.
    public List<String> lacking(Collection<String> given) {
        return further().stream()
                .map(Further::bundle)
                .filter(bundle -> !given.contains(bundle))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Policy that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "Policy[" + id() + " version " + version() + "]";
    }
}
