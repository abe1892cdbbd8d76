package org.picket.coordinator.relay;

import io.grpc.Status;
import java.util.function.BooleanSupplier;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.LeaseId;
import org.picket.proto.id.StorageId;
import org.picket.proto.v1.Sealed;

/// Who may have the views of which lease. Never blocks but where it is told.
public interface Admission {
    /// What a ticket opens for its agent.
    Answer agent(Sealed ticket, Member caller);

    /// What a ticket opens for a crawler.
    Answer crawler(Sealed ticket, Member caller);

    /// A crawler has begun to attend for a storage. May block.
    default void attended(StorageId storage) {}

    /// What a ticket opens.
    sealed interface Answer {
        /// A lease that lives, and the caller is one of its two ends.
        ///
        /// @param site whose storage it is
        /// @param over whether it lives no more
        record Admitted(LeaseId lease, StorageId storage, OwnerId site, BooleanSupplier over) implements Answer {}

        /// Nothing.
        record Refused(Status status) implements Answer {}
    }
}
