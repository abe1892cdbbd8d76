package org.picket.crawler.source;

/// The place inside a storage that belongs to Picket: quarantined objects, their sidecars and scratch objects.
public final class PrivatePrefix {

    /// Name of the directory, or first segment of the keys.
    public static final String NAME = ".picket-quarantine";

    private static final String AS_PREFIX = NAME + "/";

    private PrivatePrefix() {}

    /// Whether `key` names the private place or something in it.
    public static boolean holds(String key) {
        return key.equals(NAME) || key.startsWith(AS_PREFIX);
    }

    /// The key of `name` inside the private place.
    public static String key(String name) {
        return AS_PREFIX + name;
    }
}
