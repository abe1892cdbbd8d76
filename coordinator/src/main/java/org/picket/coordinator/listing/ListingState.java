package org.picket.coordinator.listing;

/// Where a listing stands.
public enum ListingState {
    /// Its crawler still pushes.
    LISTING,
    /// All is pushed; leases are left.
    LISTED,
    /// All is ruled.
    COMPLETE,
    /// Given up for a newer one.
    ABANDONED;

    static ListingState ofCode(int code) {
        return values()[code];
    }

    int code() {
        return ordinal();
    }

    boolean open() {
        return switch (this) {
            case LISTING, LISTED -> true;
            case COMPLETE, ABANDONED -> false;
        };
    }
}
