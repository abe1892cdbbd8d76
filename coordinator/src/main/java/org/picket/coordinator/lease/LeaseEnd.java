package org.picket.coordinator.lease;

import org.picket.proto.v1.LeaseLost;

/// How a lease ended.
public enum LeaseEnd {
    /// All of it was ruled.
    COMPLETE(LeaseLost.Reason.SUPERSEDED),
    /// Its agent gave it back.
    GIVEN_BACK(LeaseLost.Reason.SUPERSEDED),
    /// Its agent gave it back because views or inference failed.
    FAILED(LeaseLost.Reason.SUPERSEDED),
    /// Its agent said which leases it holds, and knows nothing of this one, of which no views had come.
    FORGOTTEN(LeaseLost.Reason.SUPERSEDED),
    /// As FORGOTTEN, though views had come: that is a failure, of the agent or by what they hold.
    ABANDONED(LeaseLost.Reason.SUPERSEDED),
    EXPIRED(LeaseLost.Reason.EXPIRED),
    STALLED(LeaseLost.Reason.STALLED),
    /// A faster agent goes on with what was not reported: that says nothing against this one.
    CALLED_OFF(LeaseLost.Reason.CALLED_OFF),
    /// Its member was suspended, or its listing is over.
    REVOKED(LeaseLost.Reason.REVOKED),
    /// The database has another fence for its shard, or this coordinator does not know it.
    SUPERSEDED(LeaseLost.Reason.SUPERSEDED);

    private final LeaseLost.Reason wire;

    LeaseEnd(LeaseLost.Reason wire) {
        this.wire = wire;
    }

    /// Whether its agent knows, or will never call about it: it ended the lease, or the stream of its views
    /// ends with it.
    boolean known() {
        return switch (this) {
            case COMPLETE, GIVEN_BACK, FAILED, FORGOTTEN, ABANDONED -> true;
            case EXPIRED, STALLED, CALLED_OFF, REVOKED, SUPERSEDED -> false;
        };
    }

    /// As agents are told.
    public LeaseLost.Reason wire() {
        return wire;
    }
}
