package org.picket.crawler.match;

import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.picket.proto.seal.Digest;

/// The hash lists that one process holds, each set once, however many of its storages have it in force: a set may have
/// millions of entries. What no storage holds any more goes by itself. Safe for any number of threads: those that want
/// a
/// set that is being fetched wait, so that no two of them fetch it; nobody else does.
public final class HeldLists {
    private final ConcurrentHashMap<Digest, WeakReference<ListSet>> sets = new ConcurrentHashMap<>();
    /// One for each set that is being fetched, until it has come.
    private final ConcurrentHashMap<Digest, ReentrantLock> fetches = new ConcurrentHashMap<>();

    /// One set, by its name.
    record Named(SetName name, ListSet lists) {}

    /// The set of that name where it is held; else what is fetched.
    ///
    /// @param fetch gets that one or a newer one
    Named get(SetName wanted, Supplier<Named> fetch) {
        return named(wanted).orElseGet(() -> fetched(wanted, fetch));
    }

    private Optional<Named> named(SetName name) {
        return held(name.digest()).map(lists -> new Named(name, lists));
    }

    private Named fetched(SetName wanted, Supplier<Named> fetch) {
        ReentrantLock lock = fetches.computeIfAbsent(wanted.digest(), _ -> new ReentrantLock());
        lock.lock();
        try {
            return named(wanted).orElseGet(() -> keep(fetch.get()));
        } finally {
            lock.unlock();
            fetches.remove(wanted.digest(), lock);
        }
    }

    private Named keep(Named fetched) {
        sets.values().removeIf(set -> set.refersTo(null));
        ListSet lists = held(fetched.name().digest()).orElse(fetched.lists());
        sets.put(fetched.name().digest(), new WeakReference<>(lists));
        return new Named(fetched.name(), lists);
    }

    private Optional<ListSet> held(Digest digest) {
        return Optional.ofNullable(sets.get(digest)).map(WeakReference::get);
    }
}
