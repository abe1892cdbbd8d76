package org.picket.coordinator.shard;

/// The order of keys: by their UTF-8 bytes, as S3 lists them and as PostgreSQL's collation "C" sorts them.
public final class KeyOrder {
    private KeyOrder() {}

    /// Like a comparator. Code points and UTF-8 sort alike; UTF-16 units do not where surrogates meet U+E000 to
    /// U+FFFF.
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Character.isSurrogate(x) == Character.isSurrogate(y)
                        ? Character.compare(x, y)
                        : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
