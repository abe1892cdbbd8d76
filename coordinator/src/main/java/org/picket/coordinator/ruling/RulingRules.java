package org.picket.coordinator.ruling;

import java.util.Optional;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.ruling.Ruling.Cleared;
import org.picket.coordinator.ruling.Ruling.Cleared.Why;
import org.picket.coordinator.ruling.Ruling.Flagged;
import org.picket.coordinator.ruling.Ruling.Inconclusive;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;

/// How evidence becomes a ruling. Pure.
///
/// In this order: an allow list (the policy's, the site's own) clears, whatever else speaks against it; a deny
/// list flags, also what could not be read; then what the site has imported decides; then scores decide by the
/// policy's rules, or the earlier ruling on the same content, or what the site said of an object without views.
public final class RulingRules {
    private RulingRules() {}

    /// For a site that has allowed nothing itself.
    public static Ruling rule(CompiledPolicy policy, ObjectEvidence evidence) {
        return rule(policy, ContentHashes.NONE, evidence);
    }

    /// @param siteAllowlist what the site itself has allowed, e.g. by releasing it; not part of the epoch
    /// @throws IllegalArgumentException if the scores are not those of the bundle that the policy was compiled
    /// for
    public static Ruling rule(CompiledPolicy policy, ContentHashes siteAllowlist, ObjectEvidence evidence) {
        return switch (evidence) {
            case ObjectEvidence.Scored scored -> {
                var listed = byLists(policy, siteAllowlist, scored.sha256());
                yield listed.isPresent() ? listed.get() : byScores(policy, scored.scores());
            }
            case ObjectEvidence.Known known ->
                byLists(policy, siteAllowlist, known.sha256()).orElseGet(() -> again(known.earlier()));
            case ObjectEvidence.Listed listed ->
                byLists(policy, siteAllowlist, listed.sha256())
                        .or(listed::imported)
                        .orElseThrow(() -> new IllegalArgumentException("on no list after all"));
            case ObjectEvidence.Unreadable unreadable ->
                unreadable
                        .sha256()
                        .flatMap(hash -> byLists(policy, siteAllowlist, hash))
                        .orElseGet(() -> new Inconclusive(unreadable.reason()));
        };
    }

    /// What the lists of the policy, and the site's own allowlist, say of a content.
    public static Optional<Ruling> byLists(CompiledPolicy policy, ContentHashes siteAllowlist, Digest sha256) {
        if (siteAllowlist.contains(sha256)) {
            return Optional.of(new Cleared(Why.SITE_ALLOWLIST));
        }
        if (policy.allows(sha256)) {
            return Optional.of(new Cleared(Why.POLICY_ALLOW_LIST));
        }
        return policy.denied(sha256).map(Ruling.class::cast);
    }

    /// What the rules of the policy make of scores, whatever lists say of the content.
    ///
    /// @throws IllegalArgumentException if the scores are not those of the bundle that the policy was compiled
    /// for
    public static Ruling byScores(CompiledPolicy policy, ViewScores scores) {
        if (scores.concepts() != policy.concepts()) {
            throw new IllegalArgumentException(
                    "views of " + scores.concepts() + " scores for a bundle of " + policy.concepts());
        }
        if (scores.views() == 0) {
            return new Inconclusive(InconclusiveReason.UNREADABLE);
        }
        return switch (policy.decision(policy.decide(scores.q(), scores.from(), scores.views()))) {
            case Decision.Nothing() -> new Cleared(Why.NO_RULE_HOLDS);
            case Decision.Nearly(int rule) ->
                new Inconclusive(
                        InconclusiveReason.UNDECIDED_BY_POLICY,
                        "rule \"" + policy.rule(rule).id() + "\" nearly holds");
            case Decision.Waits(int rule, String bundle) ->
                new Inconclusive(
                        InconclusiveReason.FURTHER_BUNDLE_MISSING,
                        "rule \"" + policy.rule(rule).id() + "\" asks bundle \"" + bundle
                                + "\", which has not scored it");
            case Decision.Holds(int match) -> held(policy, match, scores);
        };
    }

    private static Ruling held(CompiledPolicy policy, int match, ViewScores scores) {
        var rule = policy.rule(match);
        return switch (rule.outcome()) {
            case FLAGGED -> new Flagged(rule.id(), rule.category(), Flagged.By.SCORES, policy.basis(match, scores));
            case UNDECIDED ->
                new Inconclusive(
                        InconclusiveReason.UNDECIDED_BY_POLICY, "rule \"" + rule.id() + "\": " + rule.category());
        };
    }

    private static Ruling again(Ruling earlier) {
        return switch (earlier) {
            case Cleared cleared -> new Cleared(Why.KNOWN_CONTENT);
            case Flagged flagged ->
                new Flagged(flagged.ruleId(), flagged.category(), Flagged.By.KNOWN_CONTENT, flagged.basis());
            case Inconclusive inconclusive -> inconclusive;
        };
    }
}
