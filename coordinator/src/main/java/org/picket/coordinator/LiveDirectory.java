package org.picket.coordinator;

import java.util.Optional;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageDirectory;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.site.LiveStorage;
import org.picket.coordinator.site.LiveStorages;
import org.picket.coordinator.site.Terms;
import org.picket.proto.id.StorageId;

/// The registered storages, on their present terms. A site is the owner of its crawlers and administrators.
public record LiveDirectory(LiveStorages storages) implements StorageDirectory {
    @Override
    public Optional<StorageTerms> find(StorageId storage) {
        return storages.find(storage).map(LiveDirectory::terms);
    }

    private static StorageTerms terms(LiveStorage live) {
        Terms terms = live.terms();
        return new StorageTerms(
                live.storage().id(),
                live.storage().identity(),
                new OwnerId(live.storage().site().value()),
                terms.epoch(),
                terms.scoring(),
                new StorageTerms.Rules(
                        terms.policy(),
                        live.siteAllowlist(),
                        new Enforcement(
                                terms.mode().strongest(),
                                terms.policy().policy().fuses())),
                new StorageTerms.Matching(live.lists(), live.revision()),
                new StorageTerms.Admission(terms.circle(), terms.needs()));
    }
}
