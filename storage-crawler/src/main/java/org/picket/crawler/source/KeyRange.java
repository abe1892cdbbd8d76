package org.picket.crawler.source;

import java.util.Optional;

/// Arithmetic on keys.
final class KeyRange {

    private static final int LAST_BEFORE_SURROGATES = Character.MIN_SURROGATE - 1;

    private KeyRange() {}

    /// A key somewhat before `key`, for storages that list only *after* a key: nearly always nothing lies
    /// between the two. Empty when `key` has no such predecessor and listing must begin at the start.
    static Optional<String> before(String key) {
        int last = key.codePointBefore(key.length());
        String stem = key.substring(0, key.length() - Character.charCount(last));
        int previous = last - 1;
        if (previous >= Character.MIN_SURROGATE && previous <= Character.MAX_SURROGATE) {
            previous = LAST_BEFORE_SURROGATES;
        }
        // Control characters are not sent to servers: many cannot read them.
        if (previous < ' ') {
            return stem.isEmpty() ? Optional.empty() : Optional.of(stem);
        }
        return Optional.of(stem + Character.toString(previous) + '\uFFFD');
    }
}
