package org.picket.runtime.terminal;

import java.time.Duration;
import java.util.Locale;

/// Amounts as people read them, each with its unit.
public final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final double TEN = 10;

    private Amounts() {}

    /// Bytes, in steps of a thousand: `512 B`, `1.5 MB`.
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1_000 && unit < UNITS.length - 1) {
            amount /= 1_000;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }

    /// A count with commas between thousands.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// A span in its two largest units: `12 s`, `3 min 4 s`, `5 h 6 min`.
    public static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }

    /// A rate with its unit, one digit after the point below ten: `3.5 views/s`, `120 views/s`.
    public static String rate(double perSecond, String what) {
        String amount = perSecond < TEN ? String.format(Locale.ROOT, "%.1f", perSecond) : count(Math.round(perSecond));
        return amount + " " + what + "/s";
    }

    /// Bytes a second.
    public static String byteRate(double perSecond) {
        return bytes(Math.round(perSecond)) + "/s";
    }
}
