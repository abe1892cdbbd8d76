package org.picket.crawler.removal;

/// Why an order was not carried out.
public enum RefusalReason {
    /// The key now holds another version, or another kind of thing, than the one that was scanned.
    CHANGED,
    /// The listing of this site does not hold this version of this key.
    NOT_LISTED,
    /// The content is not the content that was ruled on.
    HASH_MISMATCH,
    /// The key leads out of the storage, through a symbolic link, or into Picket's private place.
    OUTSIDE_STORAGE,
    /// This site's own rules do not allow this action.
    POLICY_FORBIDS,
    /// A new object stands where the quarantined one would be put back.
    OCCUPIED,
    /// The order's id was used before, for another order.
    ORDER_REUSED,
    /// The object is larger than this storage can move in one step.
    TOO_LARGE
}
