package org.picket.coordinator.site;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.hashlist.HashLists;
import org.picket.proto.id.SiteId;
import org.picket.proto.id.StorageId;
import org.picket.runtime.time.TimeSource;

/// The registered storages in memory. Asked at every report: what was looked at within the last [#FRESH] is
/// answered without the database; after that its site's revision is read, and only where that has changed the
/// storage itself. So a change made through another coordinator holds here after [#FRESH] at the latest; who
/// made it here calls [#forget] after the commit.
///
/// Safe for any thread. Two threads may read one storage at once; the newer revision stays.
public final class LiveStorages {
    /// For how long a storage is taken to be unchanged.
    public static final Duration FRESH = Duration.ofSeconds(2);

    /// Storages held in memory; beyond it each question goes to the database.
    public static final int HELD_LIMIT = 10_000;

    private final Database database;
    private final Sites sites;
    private final HashLists lists;
    private final TimeSource time;
    private final ConcurrentHashMap<StorageId, Held> held = new ConcurrentHashMap<>();

    /// @param listsUntil when its site's lists change by themselves
    private record Held(LiveStorage storage, Optional<Instant> listsUntil, Instant freshUntil) {
        Held until(Instant instant) {
            return new Held(storage, listsUntil, instant);
        }

        long revision() {
            return storage.revision();
        }
    }

    /// @param lists of all sites
    public LiveStorages(Database database, Sites sites, HashLists lists, TimeSource time) {
        this.database = database;
        this.sites = sites;
        this.lists = lists;
        this.time = time;
    }

    /// The storage on its present terms; empty where it is not registered.
    ///
    /// @throws IllegalStateException if stored terms cannot be read by this version
    public Optional<LiveStorage> find(StorageId storage) {
        var now = time.now();
        var known = Optional.ofNullable(held.get(storage));
        if (known.isPresent() && now.isBefore(known.get().freshUntil())) {
            return known.map(Held::storage);
        }
        var current = database.transaction(handle -> read(handle, storage, known, now));
        if (current.isEmpty()) {
            held.remove(storage);
        } else if (known.isPresent() || held.size() < HELD_LIMIT) {
            held.merge(storage, current.get(), (there, read) -> read.revision() >= there.revision() ? read : there);
        }
        return current.map(Held::storage);
    }

    /// Reads the storage anew when it is asked for next.
    public void forget(StorageId storage) {
        held.remove(storage);
    }

    /// As [#forget(StorageId)], for all storages of a site.
    public void forget(SiteId site) {
        held.values().removeIf(one -> one.storage().storage().site().equals(site));
    }

    private Optional<Held> read(Handle handle, StorageId id, Optional<Held> known, Instant now) {
        var freshUntil = now.plus(FRESH);
        var revision = PostgresSites.revision(handle, id);
        if (revision.isEmpty()) {
            return Optional.empty();
        }
        if (known.isPresent()
                && known.get().revision() == revision.get()
                && known.get().listsUntil().map(now::isBefore).orElse(true)) {
            return Optional.of(known.get().until(freshUntil));
        }
        var storage = sites.storage(handle, id).orElseThrow();
        return sites.terms(handle, id)
                .map(text -> new LiveStorage(
                        storage,
                        sound(id, text),
                        sites.allowlist(handle, storage.site()),
                        lists.stamp(handle, storage.site(), now),
                        revision.get()))
                .map(live -> new Held(live, lists.changes(handle, storage.site()), freshUntil));
    }

    private static Terms sound(StorageId id, TermsText text) {
        return switch (TermsRules.read(text)) {
            case TermsRead.Sound sound -> sound.terms();
            case TermsRead.Faulty faulty ->
                throw new IllegalStateException("the stored terms of storage " + id
                        + " cannot be read by this version; register it again: " + faulty.faults());
        };
    }
}
