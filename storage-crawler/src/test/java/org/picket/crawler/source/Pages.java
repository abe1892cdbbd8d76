package org.picket.crawler.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A source as page after page tells it.
final class Pages {
    private Pages() {}

    static List<ObjectReference> all(Source source, int limit) {
        List<ObjectReference> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            ListPage page = source.list(Scope.ALL, after, limit);
            found.addAll(page.objects());
            after = page.next();
        } while (after.isPresent());
        return found;
    }

    static List<String> keys(List<ObjectReference> objects) {
        return objects.stream().map(ObjectReference::key).toList();
    }
}
