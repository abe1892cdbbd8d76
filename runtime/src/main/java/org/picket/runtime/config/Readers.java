package org.picket.runtime.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the texts of settings are read. Each throws [IllegalArgumentException] with what would have been right.
public final class Readers {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d|w)");

    private static final Pattern BYTES = Pattern.compile("(\\d{1,6})\\s*(MB|GB|TB)");
    private static final Pattern RATE = Pattern.compile("(\\d{1,6})\\s*(KB|MB)(/S)?");
    private static final long MEGABYTE = 1_000_000;
    private static final long THOUSAND = 1_000;

    private Readers() {}

    /// A whole number within bounds, both included.
    public static Function<String, Integer> integer(int least, int most) {
        return text -> {
            try {
                int value = Integer.parseInt(text.strip());
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // The message below is for both.
            }
            throw new IllegalArgumentException("is not a whole number from " + least + " to " + most);
        };
    }

    /// A span such as `90s`, `20m`, `36h`, `7d` or `2w`.
    public static Duration span(String text) {
        Matcher matcher = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new IllegalArgumentException(
                    "is not a span of time: a number with s, m, h, d or w behind it, for instance 20m or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            case 'd' -> Duration.ofDays(amount);
            default -> Duration.ofDays(Math.multiplyExact(amount, 7L));
        };
    }

    /// A span between two others, both of which it may be.
    public static Function<String, Duration> span(Duration least, Duration most) {
        return text -> {
            Duration span = span(text);
            if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "is not between " + least.toSeconds() + "s and " + most.toSeconds() + "s");
            }
            return span;
        };
    }

    /// An amount of bytes such as `500MB`, `100GB` or `2TB`, in steps of a thousand; `0` for none.
    public static Long bytes(String text) {
        Matcher matcher = BYTES.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (text.strip().equals("0")) {
            return 0L;
        }
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "is no amount of bytes: a number with MB, GB or TB behind it, for instance 100GB, or 0");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).charAt(0)) {
            case 'M' -> amount * MEGABYTE;
            case 'G' -> amount * MEGABYTE * THOUSAND;
            default -> amount * MEGABYTE * THOUSAND * THOUSAND;
        };
    }

    /// Bytes a second, such as `500kB` or `2MB`, in steps of a thousand.
    ///
    /// @param least bytes that it may be
    public static Function<String, Long> byteRate(long least) {
        return text -> {
            Matcher matcher = RATE.matcher(text.strip().toUpperCase(Locale.ROOT));
            long rate = matcher.matches()
                    ? Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("KB") ? THOUSAND : MEGABYTE)
                    : 0;
            if (rate < least) {
                throw new IllegalArgumentException("is no amount of bytes a second from " + least / THOUSAND
                        + "kB on: a number with kB or MB behind it, for instance 2MB");
            }
            return rate;
        };
    }

    /// `true` or `false`.
    public static Boolean flag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }

    /// One of an enumeration's names, in lower case.
    public static <E extends Enum<E>> Function<String, E> choice(Class<E> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is none of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /// A path, which need not exist. A leading `~/` stands for the user's home.
    public static java.nio.file.Path path(String text) {
        try {
            String expanded = text.startsWith("~/") ? System.getProperty("user.home") + text.substring(1) : text;
            return java.nio.file.Path.of(expanded).toAbsolutePath().normalize();
        } catch (java.nio.file.InvalidPathException e) {
            throw new IllegalArgumentException("is not a path: " + e.getReason(), e);
        }
    }

    /// An http or https address without user, query or fragment.
    public static java.net.URI endpoint(String text) {
        try {
            java.net.URI uri = java.net.URI.create(text.strip());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The message below is for both.
        }
        throw new IllegalArgumentException("is not an address such as https://s3.example.org:9000");
    }

    /// Any text that is not blank.
    public static String text(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("is blank");
        }
        return text.strip();
    }
}
