package org.picket.coordinator.listing;

import java.util.Objects;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.ruling.CompiledPolicy;
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
public record StorageTerms(
        StorageId storage,
        OwnerId owner,
        Digest epoch,
        Digest bundle,
        Preprocessing preprocessing,
        Digest preprocessingDigest,
        Rules rules) {
    public StorageTerms {
        Objects.requireNonNull(storage);
        Objects.requireNonNull(owner);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(preprocessing);
        Objects.requireNonNull(preprocessingDigest);
        Objects.requireNonNull(rules);
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
