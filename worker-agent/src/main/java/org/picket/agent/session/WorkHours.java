package org.picket.agent.session;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// At which hours, on which days, an agent may work. Hours that pass midnight belong to the day on which they begin.
/// Pure.
///
/// @param hours empty: all day
/// @param days on which they begin; at least one
public record WorkHours(Optional<Hours> hours, Set<DayOfWeek> days) {
    /// At any time.
    public static final WorkHours ALWAYS = new WorkHours(Optional.empty(), EnumSet.allOf(DayOfWeek.class));

    private static final Pattern HOURS = Pattern.compile("(\\d{2}):(\\d{2})\\s*-\\s*(\\d{2}):(\\d{2})");
    private static final List<String> NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int WEEK = 7;
    private static final int MIDNIGHT = 24;

    /// A part of a day.
    ///
    /// @param from included
    /// @param to not included; before `from`: on the next day
    public record Hours(LocalTime from, LocalTime to) {
        public Hours {
            if (from.equals(to)) {
                throw new IllegalArgumentException("begins when it ends; for the whole day leave it out");
            }
        }

        boolean overnight() {
            return !to.isAfter(from);
        }
    }

    public WorkHours {
        if (days.isEmpty()) {
            throw new IllegalArgumentException("an agent works on one day of the week at least");
        }
        days = Set.copyOf(days);
    }

    /// Hours such as `22:00-07:00`; `24:00` is the day's end.
    public static Hours readHours(String text) {
        Matcher matcher = HOURS.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is no part of a day, such as 22:00-07:00");
        }
        return new Hours(time(matcher.group(1), matcher.group(2)), time(matcher.group(3), matcher.group(4)));
    }

    private static LocalTime time(String hour, String minute) {
        int hours = Integer.parseInt(hour);
        int minutes = Integer.parseInt(minute);
        if (hours == MIDNIGHT && minutes == 0) {
            return LocalTime.MIDNIGHT;
        }
        try {
            return LocalTime.of(hours, minutes);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("has no time of day in " + hour + ":" + minute, e);
        }
    }

    /// Days such as `mon-fri`, `sat,sun` or `fri-mon`.
    public static Set<DayOfWeek> readDays(String text) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.strip().toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            int first = day(ends[0]);
            int last = day(ends[ends.length - 1]);
            if (ends.length > 2) {
                throw notDays();
            }
            IntStream.rangeClosed(0, Math.floorMod(last - first, WEEK))
                    .forEach(step -> days.add(DayOfWeek.of(1 + (first + step) % WEEK)));
        }
        return days;
    }

    private static int day(String name) {
        int day = NAMES.indexOf(name.strip());
        if (day < 0) {
            throw notDays();
        }
        return day;
    }

    private static IllegalArgumentException notDays() {
        return new IllegalArgumentException("names no days of the week, such as mon-fri or sat,sun");
    }

    /// How long until work may begin; zero: it may now.
    public Duration opensIn(Instant now, ZoneId zone) {
        ZonedDateTime local = now.atZone(zone);
        if (open(local)) {
            return Duration.ZERO;
        }
        LocalTime from = hours.map(Hours::from).orElse(LocalTime.MIDNIGHT);
        return IntStream.rangeClosed(0, WEEK)
                .mapToObj(local.toLocalDate()::plusDays)
                .filter(date -> days.contains(date.getDayOfWeek()))
                .map(date -> date.atTime(from).atZone(zone).toInstant())
                .filter(start -> start.isAfter(now))
                .findFirst()
                .map(start -> Duration.between(now, start))
                .orElseThrow();
    }

    private boolean open(ZonedDateTime local) {
        DayOfWeek today = local.getDayOfWeek();
        LocalTime time = local.toLocalTime();
        if (hours.isEmpty()) {
            return days.contains(today);
        }
        Hours part = hours.get();
        if (!part.overnight()) {
            return days.contains(today) && !time.isBefore(part.from()) && time.isBefore(part.to());
        }
        return days.contains(today) && !time.isBefore(part.from())
                || days.contains(today.minus(1)) && time.isBefore(part.to());
    }
}
