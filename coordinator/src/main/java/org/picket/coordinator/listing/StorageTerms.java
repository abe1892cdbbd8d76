package org.picket.coordinator.listing;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.hashlist.HashLists;
import org.picket.coordinator.hashlist.ListStamp;
import org.picket.coordinator.hashlist.PolicyLists;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.bundle.Needs;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;

/// On what terms a storage is scanned now. Everything that a ruling depends on is named by the epoch, but for
/// the site's own allowlist and what may follow a ruling.
///
/// @param storage which
/// @param identity what it is, as its crawler says: other than its number never that of another one
/// @param owner the site that it belongs to: only its crawlers list it and supply from it
/// @param epoch policy, bundles and preprocessing together
/// @param scoring the bundle that scores every object
/// @param rules what rulings follow from and may lead to
/// @param matching what objects are matched with before they are scored
/// @param admission who may have leases of it
public record StorageTerms(
        StorageId storage,
        String identity,
        OwnerId owner,
        Digest epoch,
        Scoring scoring,
        Rules rules,
        Matching matching,
        Admission admission) {
    public StorageTerms {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(identity);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(scoring);
        Objects.requireNonNull(rules);
        Objects.requireNonNull(matching);
        Objects.requireNonNull(admission);
    }

    /// With those rules in the place of its own.
    public StorageTerms with(Rules other) {
        return new StorageTerms(storage, identity, owner, epoch, scoring, other, matching, admission);
    }

    /// With those lists in the place of its own.
    public StorageTerms with(Matching other) {
        return new StorageTerms(storage, identity, owner, epoch, scoring, rules, other, admission);
    }

    /// With those agents in the place of its own.
    public StorageTerms with(Admission other) {
        return new StorageTerms(storage, identity, owner, epoch, scoring, rules, matching, other);
    }

    /// Whether that agent may have leases of the storage.
    public boolean accepts(Member agent) {
        return admission.circle().everyone()
                || admission.circle().accepts(agent.applicant(), agent.owner().equals(owner));
    }

    /// Names all lists that are in force for the storage, those of its policy among them; empty: there are
    /// none.
    public Optional<Digest> listsDigest() {
        var policy = rules.policy().policy();
        var lists = matching.lists();
        return lists.number() == 0 && policy.lists().isEmpty()
                ? Optional.empty()
                : Optional.of(PolicyLists.together(
                        lists.number() == 0 ? HashLists.nothing() : lists.digest(), policy.digest()));
    }

    /// What rulings follow from and may lead to.
    ///
    /// @param policy compiled for the bundle
    /// @param siteAllowlist what the site itself has allowed
    /// @param enforcement what may happen without a person
    public record Rules(CompiledPolicy policy, ContentHashes siteAllowlist, Enforcement enforcement) {
        public Rules {
            Objects.requireNonNull(policy);
            Objects.requireNonNull(siteAllowlist);
            Objects.requireNonNull(enforcement);
        }
    }

    /// What objects are matched with before they are scored.
    ///
    /// @param lists what the site has imported, as far as it is in force
    /// @param revision counts what the site has changed: of two terms of a storage, the newer has the larger one
    public record Matching(ListStamp lists, long revision) {
        /// Of a site without hash lists.
        public static final Matching NONE = new Matching(ListStamp.NONE, 0);

        public Matching {
            Objects.requireNonNull(lists);
        }
    }

    /// Who may have leases.
    ///
    /// @param circle whose agents
    /// @param needs of the storage's bundles, by their digest; those that ask for nothing are not there
    public record Admission(Circle circle, Map<Digest, Needs> needs) {
        /// Any agent that has the bundles.
        public static final Admission EVERYONE = new Admission(Circle.EVERYONE, Map.of());

        public Admission {
            Objects.requireNonNull(circle);
            needs = Map.copyOf(needs);
        }
    }
}
