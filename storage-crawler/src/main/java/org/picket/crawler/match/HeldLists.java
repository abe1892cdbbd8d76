package org.picket.crawler.match;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.picket.proto.seal.Digest;

/// The hash lists that one process holds, each set once, however many of its storages have it in force: a set may have
/// millions of entries. What no storage holds any more goes by itself. Safe for any number of threads: those that come
/// while a set is fetched wait, so that no two of them fetch it.
public final class HeldLists {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, WeakReference<ListSet>> sets = new HashMap<>();

    /// One set, by its name.
    record Named(SetName name, ListSet lists) {}

    /// The set of that name where it is held; else what is fetched.
    ///
    /// @param fetch gets that one or a newer one
    Named get(SetName wanted, Supplier<Named> fetch) {
        lock.lock();
        try {
            return held(wanted.digest()).map(lists -> new Named(wanted, lists)).orElseGet(() -> keep(fetch.get()));
        } finally {
            lock.unlock();
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
