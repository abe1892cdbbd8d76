package org.picket.coordinator.finding;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.picket.proto.id.ListingId;
import org.picket.proto.id.StorageId;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.InconclusiveReason;

/// Entries of a storage that its crawler could not list: they are shown as objects without a ruling, until a
/// listing does without them.
public final class UnlistableEntries {
    /// Entries of one listing that are named; any more are only counted.
    public static final int NAMED = 1_000;

    /// No object of a storage has an empty version.
    static final String NO_VERSION = "";

    private static final String DETAIL = "it has no usable name, or cannot be looked at; see to its name and rights";

    private UnlistableEntries() {}

    /// Writes those of a listing down in place of those of the one before.
    ///
    /// @param handle in the transaction that finishes the listing
    /// @param shown their paths, as far as they can be shown
    public static void replace(Handle handle, StorageId storage, ListingId listing, List<String> shown, Instant now) {
        PostgresInconclusive.deleteVersion(handle, storage, NO_VERSION);
        List<InconclusiveObject> entries = shown.stream()
                .limit(NAMED)
                .map(UnlistableEntries::key)
                .distinct()
                .map(key -> new InconclusiveObject(
                        new ObjectReference(key, NO_VERSION, 0, now), InconclusiveReason.UNREADABLE, DETAIL))
                .toList();
        PostgresInconclusive.insertMissing(handle, storage, listing, entries);
    }

    private static String key(String shown) {
        String storable = shown.replace('\0', '?');
        String bounded = storable.substring(0, Math.min(storable.length(), Limits.KEY_BYTES / 4));
        return bounded.isEmpty() ? "?" : bounded;
    }
}
