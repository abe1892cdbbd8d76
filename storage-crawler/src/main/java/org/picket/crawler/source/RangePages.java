package org.picket.crawler.source;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.picket.proto.key.KeyOrder;

/// Walks a key range by pages: at most one page of references is held. Not safe for several threads.
final class RangePages implements Iterator<ObjectReference> {

    /// Gives the page after a key.
    @FunctionalInterface
    interface Pages {
        ListPage after(Optional<String> key);
    }

    private final Pages pages;
    private final String first;
    private final String last;
    private final Queue<ObjectReference> held = new ArrayDeque<>();
    private Optional<String> after;
    private boolean finished;

    /// @param start a key before `first` at which paging begins; empty for the very beginning
    RangePages(Pages pages, Optional<String> start, String first, String last) {
        this.pages = pages;
        this.after = start;
        this.first = first;
        this.last = last;
    }

    @Override
    public boolean hasNext() {
        while (held.isEmpty() && !finished) {
            fill();
        }
        return !held.isEmpty();
    }

    @Override
    public ObjectReference next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the range is exhausted");
        }
        return held.remove();
    }

    private void fill() {
        ListPage page = pages.after(after);
        for (ObjectReference object : page.objects()) {
            if (KeyOrder.BY_UTF8_BYTES.compare(object.key(), last) > 0) {
                finished = true;
                return;
            }
            if (KeyOrder.BY_UTF8_BYTES.compare(object.key(), first) >= 0) {
                held.add(object);
            }
        }
        after = page.next();
        finished = after.isEmpty() || KeyOrder.BY_UTF8_BYTES.compare(after.get(), last) >= 0;
    }
}
