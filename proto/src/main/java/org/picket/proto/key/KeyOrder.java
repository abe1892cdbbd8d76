package org.picket.proto.key;

import java.util.Comparator;

/// The one order of keys: by their UTF-8 bytes, unsigned, as S3 servers list them and as PostgreSQL's collation "C"
/// sorts them.
public final class KeyOrder {
    /// As [#compare] does.
    public static final Comparator<String> BY_UTF8_BYTES = KeyOrder::compare;

    private KeyOrder() {}

    /// Like a comparator, without encoding the keys. Code points and UTF-8 sort alike; UTF-16 units do not where
    /// surrogates meet U+E000 to U+FFFF.
    public static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                return Integer.compare(rank(l), rank(r));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /// Surrogates stand for code points above every other char, so they rank last.
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + Character.MAX_VALUE : unit;
    }
}
