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
import org.picket.proto.circle.Circle;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

/// On what terms a storage is scanned now. Everything that a ruling depends on is named by the epoch, but for
/// the site's own allowlist and what may follow a ruling.
///
/// @param storage which
/// @param owner the site that it belongs to: only its crawlers list it and supply from it
/// @param epoch policy, bundle and preprocessing together
/// @param bundle the bundle's digest
/// @param preprocessing how objects become views
/// @param preprocessingDigest SHA-256 of its deterministic bytes
/// @param rules what rulings follow from and may lead to
/// @param lists what the site has imported, as far as it is in force
/// @param revision counts what the site has changed: of two terms of a storage, the newer has the larger one
/// @param circle whose agents may have leases of it
/// @param needs of its bundles, by their digest; those that ask for nothing are not there
public record StorageTerms(
        StorageId storage,
        OwnerId owner,
        Digest epoch,
        Digest bundle,
        Preprocessing preprocessing,
        Digest preprocessingDigest,
        Rules rules,
        ListStamp lists,
        long revision,
        Circle circle,
        Map<Digest, Needs> needs) {
    public StorageTerms {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(preprocessing);
        Objects.requireNonNull(preprocessingDigest);
        Objects.requireNonNull(rules);
        Objects.requireNonNull(lists);
        Objects.requireNonNull(circle);
        needs = Map.copyOf(needs);
    }

    /// Of a storage whose bundles any agent can run.
    public StorageTerms(
            StorageId storage,
            OwnerId owner,
            Digest epoch,
            Digest bundle,
            Preprocessing preprocessing,
            Digest preprocessingDigest,
            Rules rules,
            ListStamp lists,
            long revision,
            Circle circle) {
        this(
                storage,
                owner,
                epoch,
                bundle,
                preprocessing,
                preprocessingDigest,
                rules,
                lists,
                revision,
                circle,
                Map.of());
    }

    /// Of a storage that accepts every operator.
    public StorageTerms(
            StorageId storage,
            OwnerId owner,
            Digest epoch,
            Digest bundle,
            Preprocessing preprocessing,
            Digest preprocessingDigest,
            Rules rules,
            ListStamp lists,
            long revision) {
        this(
                storage,
                owner,
                epoch,
                bundle,
                preprocessing,
                preprocessingDigest,
                rules,
                lists,
                revision,
                Circle.EVERYONE);
    }

    /// Of a site without hash lists.
    public StorageTerms(
            StorageId storage,
            OwnerId owner,
            Digest epoch,
            Digest bundle,
            Preprocessing preprocessing,
            Digest preprocessingDigest,
            Rules rules) {
        this(storage, owner, epoch, bundle, preprocessing, preprocessingDigest, rules, ListStamp.NONE, 0);
    }

    /// Whether that agent may have leases of the storage.
    public boolean accepts(Member agent) {
        return circle.everyone()
                || circle.accepts(agent.applicant(), agent.owner().equals(owner));
    }

    /// Names all lists that are in force for the storage, those of its policy among them; empty: there are
    /// none.
    public Optional<Digest> listsDigest() {
        var policy = rules.policy().policy();
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
}
