package org.picket.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.picket.runtime.time.TimeSource;

/// Instants to come, as people write them.
final class When {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([mhd])");

    private When() {}

    /// The span from now to a date (its beginning in UTC), an instant, or a span itself: `30m`, `12h`, `90d`.
    static Duration fromNow(String text) {
        return fromNow(text, TimeSource.system().now());
    }

    static Duration fromNow(String text, Instant now) {
        Duration span = span(text, now);
        if (!span.isPositive()) {
            throw new UsageFault(text + " is not in the future");
        }
        return span;
    }

    private static Duration span(String text, Instant now) {
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            long amount = Long.parseLong(span.group(1));
            return switch (span.group(2)) {
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            Instant instant = text.indexOf('T') >= 0
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            return Duration.between(now, instant);
        } catch (DateTimeException e) {
            throw new UsageFault(
                    text + " is neither a date (2027-01-31), an instant (2027-01-31T12:00:00Z) nor a span (90d)", e);
        }
    }
}
