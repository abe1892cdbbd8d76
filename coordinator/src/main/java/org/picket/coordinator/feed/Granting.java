package org.picket.coordinator.feed;

import java.util.function.Predicate;
import org.picket.coordinator.listing.StorageTerms;
import org.picket.proto.id.MemberId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.NoLease;

/// What is granted just now, whoever asks. It may change while an agent waits.
///
/// @param settled whether leases of a storage are granted here yet
/// @param halted whether no further ones of a storage are, since its crawler is drained
/// @param drained whether an agent gets no further ones
public record Granting(Predicate<StorageId> settled, Predicate<StorageTerms> halted, Predicate<MemberId> drained) {
    /// Everything, to everybody.
    public static final Granting ALL = new Granting(_ -> true, _ -> false, _ -> false);

    /// What an agent is told that gets no further ones.
    public static final Feeds.Next.Nothing DRAINED = new Feeds.Next.Nothing(
            NoLease.Reason.DRAINING,
            "the coordinator's operator drains this member: it keeps what it holds, and gets no further lease until it"
                    + " is resumed");
}
