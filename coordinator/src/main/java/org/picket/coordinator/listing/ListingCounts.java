package org.picket.coordinator.listing;

/// Counts of a listing, or what one report adds to them. Each listed object is in exactly one of known,
/// cleared, flagged, inconclusive, gone, or still open.
///
/// @param listed objects
/// @param known ruled before, here or elsewhere
/// @param cleared ruled CLEARED
/// @param flagged ruled FLAGGED
/// @param inconclusive ruled INCONCLUSIVE
/// @param gone listed, but no longer there
/// @param work what was done for it
public record ListingCounts(
        long listed, long known, long cleared, long flagged, long inconclusive, long gone, Work work) {
    /// Nothing.
    public static final ListingCounts NONE = new ListingCounts(0, 0, 0, 0, 0, 0, new Work(0, 0));

    /// Work done.
    ///
    /// @param views scored
    /// @param bytes fetched
    public record Work(long views, long bytes) {}

    /// The sum.
    public ListingCounts plus(ListingCounts other) {
        return new ListingCounts(
                listed + other.listed,
                known + other.known,
                cleared + other.cleared,
                flagged + other.flagged,
                inconclusive + other.inconclusive,
                gone + other.gone,
                new Work(work.views + other.work.views, work.bytes + other.work.bytes));
    }

    /// Objects that need no more work.
    public long done() {
        return known + cleared + flagged + inconclusive + gone;
    }

    /// Listed and not done.
    public long open() {
        return listed - done();
    }
}
