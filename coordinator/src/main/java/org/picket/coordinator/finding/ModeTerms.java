package org.picket.coordinator.finding;

import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.Ruling;
import org.picket.proto.seal.Digest;

/// On what terms a storage is scanned now, as far as its mode acts on what was found before.
///
/// @param epoch under which
/// @param enforcement what may happen without a person
/// @param policy says what each of its rules allows
/// @param ownAgentsOnly whether nobody else's agents ever work here
public record ModeTerms(Digest epoch, Enforcement enforcement, Policy policy, boolean ownAgentsOnly) {
    public ModeTerms {
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(enforcement);
        Objects.requireNonNull(policy);
    }

    /// What the machine may do with a finding. By whose scores it was flagged is not kept: where others' agents work,
    /// only a list's word is good for what cannot be undone.
    Action permitted(String ruleId, Ruling.Flagged.By by) {
        Action ceiling = policy.ceiling(ruleId);
        boolean vouched = ownAgentsOnly || by == Ruling.Flagged.By.DENY_LIST;
        Action vouchedFor = vouched || Action.QUARANTINE.allows(ceiling) ? ceiling : Action.QUARANTINE;
        return enforcement.mode().allows(vouchedFor) ? vouchedFor : enforcement.mode();
    }

    /// What a finding still lacks, where it does.
    Optional<String> lacking(String ruleId) {
        return policy.quorum(ruleId).lackingAfterOne();
    }
}
