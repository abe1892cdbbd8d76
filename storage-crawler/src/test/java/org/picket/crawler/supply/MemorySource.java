package org.picket.crawler.supply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.crawler.source.Fetched;
import org.picket.crawler.source.Gaps;
import org.picket.crawler.source.ListPage;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.Scope;
import org.picket.crawler.source.Source;
import org.picket.crawler.source.SourceException;

/// A storage in memory, whose answers can be replaced object by object.
public final class MemorySource implements Source {
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final Map<String, Fetched> answers = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private int refreshes;
    private boolean failsNext;
    private Optional<SourceException> trouble = Optional.empty();
    private volatile Optional<Thread> lister = Optional.empty();

    public MemorySource put(String key, byte[] content) {
        objects.put(key, content);
        return this;
    }

    /// Answers the fetch of a key with something else than its content.
    public MemorySource answer(String key, Fetched fetched) {
        answers.put(key, fetched);
        return this;
    }

    /// Cannot be listed from now on.
    public MemorySource trouble(SourceException thrown) {
        trouble = Optional.of(thrown);
        return this;
    }

    /// The thread that listed a range last.
    public Optional<Thread> lister() {
        return lister;
    }

    public int fetches() {
        return fetches.get();
    }

    /// Cannot be looked at when that is tried next.
    public void failNextRefresh() {
        failsNext = true;
    }

    /// How often it was looked at.
    public int refreshes() {
        return refreshes;
    }

    private static ObjectReference reference(Map.Entry<String, byte[]> entry) {
        return new ObjectReference(entry.getKey(), "v1", entry.getValue().length, Instant.EPOCH);
    }

    @Override
    public String storageId() {
        return "memory";
    }

    @Override
    public void refresh() {
        if (failsNext) {
            failsNext = false;
            throw new SourceException("it cannot be looked at");
        }
        refreshes++;
    }

    @Override
    public ListPage list(Scope scope, Optional<String> after, int limit) {
        List<ObjectReference> page = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry :
                after.map(key -> objects.tailMap(key, false)).orElse(objects).entrySet()) {
            if (page.size() == limit) {
                return new ListPage(page, Optional.of(page.getLast().key()));
            }
            page.add(reference(entry));
        }
        return new ListPage(page, Optional.empty());
    }

    @Override
    public Iterator<ObjectReference> range(Scope scope, String first, String last) {
        lister = Optional.of(Thread.currentThread());
        trouble.ifPresent(thrown -> {
            throw thrown;
        });
        return objects.subMap(first, true, last, true).entrySet().stream()
                .map(MemorySource::reference)
                .iterator();
    }

    @Override
    public Fetched fetch(ObjectReference reference, long maxBytes) {
        fetches.incrementAndGet();
        Optional<Fetched> answer = Optional.ofNullable(answers.get(reference.key()));
        return answer.orElseGet(() -> reference.sizeBytes() > maxBytes
                ? new Fetched.TooLarge(reference.sizeBytes())
                : new Fetched.Content(reference, objects.get(reference.key())));
    }

    @Override
    public Gaps gaps() {
        return Gaps.NONE;
    }

    @Override
    public void close() {}
}
