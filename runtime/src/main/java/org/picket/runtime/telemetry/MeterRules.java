package org.picket.runtime.telemetry;

import java.util.regex.Pattern;

/// What names and helps look like.
final class MeterRules {
    private static final Pattern NAME = Pattern.compile("picket(_[a-z0-9]+)+");
    private static final String TOTAL = "_total";
    private static final String SECONDS = "_seconds";

    private MeterRules() {}

    static void counter(String name, String help) {
        common(name, help);
        if (!name.endsWith(TOTAL)) {
            throw new IllegalArgumentException("the counter " + name + " does not end with " + TOTAL);
        }
    }

    static void gauge(String name, String help) {
        common(name, help);
        if (name.endsWith(TOTAL)) {
            throw new IllegalArgumentException("the gauge " + name + " is named as a counter");
        }
    }

    static void timing(String name, String help) {
        common(name, help);
        if (!name.endsWith(SECONDS)) {
            throw new IllegalArgumentException("the timing " + name + " does not end with " + SECONDS);
        }
    }

    private static void common(String name, String help) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name " + name + " is not of the form picket_…");
        }
        if (help.length() < 8) {
            throw new IllegalArgumentException(name + " has no help");
        }
    }
}
