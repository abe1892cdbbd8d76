package org.picket.coordinator.lease;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.picket.coordinator.fleet.Drained;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;

/// Storages of which no further lease is granted, since the operator drains their crawlers.
///
/// Whose a storage is, its crawler says by offering its views here. As long as none does, it is taken for each
/// crawler's of its site: nobody would get its views then, and one that was drained is likely to have gone for
/// that very reason.
///
/// @param drained members
/// @param suppliers crawlers that offer a storage's views here
record Halts(Drained drained, Function<StorageId, Set<MemberId>> suppliers) {
    /// The crawler for which nothing more is granted of a storage on these terms; empty: there is none.
    Optional<Member> of(StorageTerms terms) {
        if (drained.nobody()) {
            return Optional.empty();
        }
        Set<MemberId> own = suppliers.apply(terms.storage());
        return own.isEmpty()
                ? drained.crawler(terms.owner())
                : own.stream()
                        .flatMap(crawler -> drained.find(crawler).stream())
                        .findAny();
    }

    /// Why nothing more is granted of a storage on these terms, where that is so.
    Optional<String> reason(StorageTerms terms) {
        return of(terms)
                .map(crawler -> "the coordinator's operator drains crawler " + crawler.id()
                        + ": no further lease of this storage is granted until 'picket resume " + crawler.id() + "'");
    }

    /// Whether a storage is that crawler's.
    boolean supplies(Member crawler, StorageId storage, OwnerId site) {
        Set<MemberId> own = suppliers.apply(storage);
        return crawler.owner().equals(site) && (own.isEmpty() || own.contains(crawler.id()));
    }
}
