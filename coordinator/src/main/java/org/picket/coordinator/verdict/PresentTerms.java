package org.picket.coordinator.verdict;

import java.util.Optional;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.lease.Lease;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.policy.Action;

/// On what terms the objects of a lease are ruled: by the policy that it was leased under, with the allowlist
/// that the site has now, matched with the hash lists that were in force when it was leased, and with no
/// stronger effect than the site wants now.
record PresentTerms(StorageDirectory storages) {
    StorageTerms of(Lease lease) {
        StorageTerms leased = lease.terms();
        Optional<StorageTerms> present = storages.find(leased.storage());
        if (present.isPresent() && present.get().epoch().equals(leased.epoch())) {
            return present.get().with(leased.matching());
        }
        // The policy was replaced, or the storage stopped: what it finds still is only shown.
        StorageTerms.Rules rules = leased.rules();
        return leased.with(new StorageTerms.Rules(
                rules.policy(),
                present.map(terms -> terms.rules().siteAllowlist()).orElse(rules.siteAllowlist()),
                new Enforcement(Action.OBSERVE, rules.enforcement().fuses())));
    }
}
