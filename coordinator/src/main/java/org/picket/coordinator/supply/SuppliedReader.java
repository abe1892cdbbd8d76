package org.picket.coordinator.supply;

import java.util.List;
import java.util.Optional;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.ruling.RulingRules;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ListHit;
import org.picket.proto.v1.SuppliedObject;

/// Reads what a crawler says of an object. That it is on a list is looked up: nobody is flagged, or cleared, on
/// a crawler's word for what its lists say.
///
/// @param contents what imported lists say
public record SuppliedReader(ListedContents contents) {

    /// Empty where it is malformed, or on no list that is in force.
    ///
    /// @param probed what a probe said of its content
    public Optional<Supplied> read(StorageTerms terms, SuppliedObject object, Optional<Ruling> probed) {
        return object.hasListed() ? listed(terms, object) : SupplyRules.read(object, probed);
    }

    private Optional<Supplied> listed(StorageTerms terms, SuppliedObject object) {
        List<ListHit> hits = object.getListed().getHitsList();
        if (hits.isEmpty() || hits.size() > Limits.LIST_HITS) {
            return Optional.empty();
        }
        List<ListHit> imported =
                hits.stream().filter(hit -> hit.getListId() > 0).toList();
        Optional<Ruling> ruling = imported.isEmpty() ? Optional.empty() : contents.rule(terms, imported);
        return SupplyRules.listed(object, ruling)
                .filter(supplied -> ruling.isPresent() || decided(terms, supplied.sha256()));
    }

    private static boolean decided(StorageTerms terms, Optional<Digest> sha256) {
        return sha256.flatMap(hash -> RulingRules.byLists(
                        terms.rules().policy(), terms.rules().siteAllowlist(), hash))
                .isPresent();
    }
}
