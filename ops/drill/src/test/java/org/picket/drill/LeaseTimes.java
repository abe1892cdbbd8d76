package org.picket.drill;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When leases were granted to whom, and when they expired, as the logs of coordinators tell it.
final class LeaseTimes {
    private static final Pattern LINE = Pattern.compile("(?m)^(\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d) INFO .*shard (\\d+):"
            + " (?:leased to agent (\\d+), epoch (\\d+)|lease ended, (\\w+),)");
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final List<Event> events = new ArrayList<>();
    private final Instant begun;

    /// @param agent of a grant; 0: the lease ended
    private record Event(long millis, long shard, long agent, String end) {}

    private LeaseTimes(Instant begun) {
        this.begun = begun;
    }

    /// Reads logs.
    ///
    /// @param begun before the first line, less than a day ago
    static LeaseTimes read(Instant begun, List<String> logs) {
        LeaseTimes times = new LeaseTimes(begun);
        for (String log : logs) {
            Matcher line = LINE.matcher(log);
            while (line.find()) {
                times.events.add(new Event(
                        times.since(LocalTime.parse(line.group(1))),
                        Long.parseLong(line.group(2)),
                        Optional.ofNullable(line.group(3)).map(Long::parseLong).orElse(0L),
                        Optional.ofNullable(line.group(5)).orElse("")));
            }
        }
        return times;
    }

    private long since(LocalTime time) {
        long start = LocalTime.ofInstant(begun, ZoneId.systemDefault()).toNanoOfDay() / 1_000_000;
        return Math.floorMod(time.toNanoOfDay() / 1_000_000 - start, DAY_MILLIS);
    }

    /// What became of the leases of an agent that was killed or held at an instant.
    ///
    /// @param freed milliseconds from that instant until each of those that expired did
    /// @param millis from that instant until each of these was leased again
    /// @param never shards that expired and were never leased again
    record Regrants(List<Long> freed, List<Long> millis, List<Long> never) {}

    Regrants after(Instant instant, long agent, Duration within) {
        long at = Duration.between(begun, instant).toMillis();
        List<Long> millis = new ArrayList<>();
        List<Long> never = new ArrayList<>();
        List<Long> freed = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event end = events.get(i);
            if (end.end().equals("EXPIRED")
                    && end.millis() >= at
                    && end.millis() <= at + within.toMillis()
                    && holder(i) == agent) {
                freed.add(end.millis() - at);
                grant(i).ifPresentOrElse(again -> millis.add(again - at), () -> never.add(end.shard()));
            }
        }
        return new Regrants(freed, millis, never);
    }

    private long holder(int end) {
        for (int i = end - 1; i >= 0; i--) {
            Event event = events.get(i);
            if (event.shard() == events.get(end).shard() && event.agent() != 0) {
                return event.agent();
            }
        }
        return 0;
    }

    private Optional<Long> grant(int end) {
        return events.subList(end, events.size()).stream()
                .filter(event -> event.shard() == events.get(end).shard() && event.agent() != 0)
                .map(Event::millis)
                .findFirst();
    }

    /// Leases that were granted.
    long granted() {
        return events.stream().filter(event -> event.agent() != 0).count();
    }

    /// Leases that ended so before they were complete.
    long ended(String how) {
        return events.stream().filter(event -> event.end().equals(how)).count();
    }
}
