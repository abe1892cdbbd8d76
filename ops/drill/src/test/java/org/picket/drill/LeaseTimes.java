package org.picket.drill;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// When leases were granted to whom, and when they were lost, as the logs of coordinators tell it.
final class LeaseTimes {
    private static final Pattern LINE = Pattern.compile("(?m)^(\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d) INFO .*shard (\\d+):"
            + " (?:leased to agent (\\d+), epoch (\\d+)|lease ended, (\\w+),)");
    /// How a lease ends of which its agent has no memory, or that is heard of no more.
    private static final Set<String> LOST = Set.of("EXPIRED", "FORGOTTEN", "ABANDONED");

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

    /// An agent that was killed or held.
    ///
    /// @param at when
    /// @param granted the last moment at which it was given a lease that it did not hear of
    /// @param ended the last moment at which a lease of it was lost for that
    /// @param next when somebody else was disturbed
    record Silence(long agent, Instant at, Instant granted, Instant ended, Instant next) {}

    /// A lease that was lost. Its time runs from where its agent fell silent, or from the grant that was made to it
    /// then: a request that waited for work is answered without its agent.
    ///
    /// @param freed milliseconds until its shard was free
    /// @param again until its shard was leased again; empty: it never was
    record Regrant(long shard, long freed, Optional<Long> again) {}

    /// What became of the leases of an agent that fell silent.
    ///
    /// @param within so long it must have been until somebody else was disturbed, for a lease to be told of
    List<Regrant> after(Silence silence, Duration within) {
        long at = millis(silence.at());
        List<Regrant> all = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event end = events.get(i);
            Optional<Event> held = LOST.contains(end.end()) ? held(i) : Optional.empty();
            if (end.millis() < at
                    || end.millis() > millis(silence.ended())
                    || held.isEmpty()
                    || held.get().agent() != silence.agent()
                    || held.get().millis() > millis(silence.granted())) {
                continue;
            }
            long from = Math.max(at, held.get().millis());
            if (from + within.toMillis() <= millis(silence.next())) {
                all.add(new Regrant(end.shard(), end.millis() - from, grant(i).map(again -> again - from)));
            }
        }
        return all;
    }

    private long millis(Instant instant) {
        return Duration.between(begun, instant).toMillis();
    }

    /// What was told of a shard, a line each.
    String history(long shard) {
        return events.stream()
                .filter(event -> event.shard() == shard)
                .map(event -> begun.plusMillis(event.millis()) + " "
                        + (event.agent() == 0 ? event.end() : "to agent " + event.agent()))
                .collect(Collectors.joining("\n"));
    }

    private Optional<Event> held(int end) {
        for (int i = end - 1; i >= 0; i--) {
            Event event = events.get(i);
            if (event.shard() == events.get(end).shard() && event.agent() != 0) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
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
