package org.picket.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkHoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static WorkHours hours(String hours, String days) {
        return new WorkHours(Optional.of(WorkHours.readHours(hours)), WorkHours.readDays(days));
    }

    private static Duration opens(WorkHours hours, String now) {
        return hours.opensIn(Instant.parse(now), ZoneOffset.UTC);
    }

    @Test
    void withoutLimitsItMayAlways() {
        assertEquals(Duration.ZERO, opens(WorkHours.ALWAYS, "2026-03-01T03:00:00Z"));
    }

    @Test
    void endOfThePartIsOutsideOfIt() {
        WorkHours day = hours("08:00-18:00", "mon-sun");
        assertEquals(Duration.ZERO, opens(day, "2026-03-02T08:00:00Z"));
        assertEquals(Duration.ZERO, opens(day, "2026-03-02T17:59:59Z"));
        assertEquals(Duration.ofHours(14), opens(day, "2026-03-02T18:00:00Z"));
        assertEquals(Duration.ofSeconds(1), opens(day, "2026-03-02T07:59:59Z"));
    }

    @Test
    void hoursPastMidnightBelongToTheDayOnWhichTheyBegin() {
        WorkHours nights = hours("22:00-07:00", "mon-fri");
        // Friday evening, and the Saturday morning after it.
        assertEquals(Duration.ZERO, opens(nights, "2026-03-06T23:00:00Z"));
        assertEquals(Duration.ZERO, opens(nights, "2026-03-07T06:59:59Z"));
        assertEquals(Duration.ofHours(63), opens(nights, "2026-03-07T07:00:00Z"));
        // Saturday evening is none of its days, and so is Sunday morning.
        assertEquals(Duration.ofHours(47), opens(nights, "2026-03-07T23:00:00Z"));
        assertEquals(Duration.ofHours(21), opens(nights, "2026-03-09T01:00:00Z"));
    }

    @Test
    void daysAloneAreWholeDays() {
        WorkHours weekend = new WorkHours(Optional.empty(), WorkHours.readDays("sat,sun"));
        assertEquals(Duration.ZERO, opens(weekend, "2026-03-01T00:00:00Z"));
        assertEquals(Duration.ofDays(5), opens(weekend, "2026-03-02T00:00:00Z"));
    }

    @Test
    void dayThatHasJustPassedComesAgainInAWeek() {
        assertEquals(Duration.ofDays(7).minusHours(1), opens(hours("09:00-10:00", "mon"), "2026-03-02T10:00:00Z"));
    }

    @Test
    void clocksThatAreSetForwardAndBackAreFollowed() {
        WorkHours nights = hours("02:30-06:00", "sun");
        // There is no 02:30 on that day: it begins at 03:30, an hour and a half after 01:00 by the clock.
        assertEquals(Duration.ofMinutes(90), nights.opensIn(Instant.parse("2026-03-29T00:00:00Z"), BERLIN));
        assertEquals(Duration.ZERO, nights.opensIn(Instant.parse("2026-10-25T01:45:00Z"), BERLIN));
    }

    @Test
    void daysAreReadAsPeopleWriteThem() {
        assertEquals(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), WorkHours.readDays("Mon-Fri"));
        assertEquals(
                EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY),
                WorkHours.readDays("fri-mon"));
        assertEquals(EnumSet.of(DayOfWeek.WEDNESDAY, DayOfWeek.SUNDAY), WorkHours.readDays("wed, sun"));
        for (String wrong : new String[] {"", "monday", "mon-wed-fri", "mon,", "-"}) {
            assertThrows(IllegalArgumentException.class, () -> WorkHours.readDays(wrong), wrong);
        }
    }

    @Test
    void hoursAreReadAsPeopleWriteThem() {
        assertEquals("00:00", WorkHours.readHours("18:00-24:00").to().toString());
        for (String wrong : new String[] {"22-07", "25:00-07:00", "10:60-11:00", "10:00-10:00", "00:00-24:00"}) {
            assertThrows(IllegalArgumentException.class, () -> WorkHours.readHours(wrong), wrong);
        }
    }
}
