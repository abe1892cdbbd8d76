package org.picket.crawler.source;

import java.util.regex.Pattern;

/// The place inside a storage that belongs to Picket: quarantined objects, their sidecars and scratch objects.
/// A storage may lie inside another one that is scanned too, so the place is private at whatever depth.
public final class PrivatePrefix {

    /// Name of the directory, or first segment of the keys.
    public static final String NAME = ".picket-quarantine";

    private static final String AS_PREFIX = NAME + "/";
    private static final Pattern OWN =
            Pattern.compile("(probe-)?\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}|\\p{XDigit}{8}"
                    + "(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\.sidecar");

    private PrivatePrefix() {}

    /// Whether `key` names a private place or something in it.
    public static boolean holds(String key) {
        return ("/" + key + "/").contains("/" + AS_PREFIX);
    }

    /// Whether `key` lies in a private place without being named as Picket names what it puts there. Nobody
    /// looks at such an object, so it must at least be counted.
    static boolean holdsForeign(String key) {
        int at = ("/" + key + "/").indexOf("/" + AS_PREFIX);
        return at >= 0 && !isOwn(key.substring(Math.min(key.length(), at + AS_PREFIX.length())));
    }

    /// Whether Picket gives such names inside of the private place.
    static boolean isOwn(String name) {
        return OWN.matcher(name).matches();
    }

    /// The key of `name` inside the private place.
    public static String key(String name) {
        return AS_PREFIX + name;
    }
}
