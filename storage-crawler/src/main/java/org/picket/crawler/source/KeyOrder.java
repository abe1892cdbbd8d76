package org.picket.crawler.source;

import java.util.Comparator;

/// The one order of keys: by their UTF-8 bytes, unsigned, as S3 servers list them. It equals the order of code
/// points, which is not the order of [String#compareTo] once a key holds a character beyond U+FFFF.
public final class KeyOrder {

    /// Compares two keys by their UTF-8 bytes without encoding them.
    public static final Comparator<String> BY_UTF8_BYTES = KeyOrder::compare;

    private KeyOrder() {}

    private static int compare(String left, String right) {
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
