package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseTimesTest {
    private static final Instant BEGUN = Instant.parse("2026-11-22T06:00:00Z");
    private static final Instant KILLED = BEGUN.plusSeconds(10);
    private static final Duration WITHIN = Duration.ofSeconds(6);

    private final StringBuilder log = new StringBuilder();

    private void granted(double second, long shard, long agent) {
        line(second, "LeasesEndpoint: shard " + shard + ": leased to agent " + agent + ", epoch 1");
    }

    private void expired(double second, long shard) {
        line(second, "LeaseEnds: shard " + shard + ": lease ended, EXPIRED, 0 of 5 objects ruled");
    }

    private void line(double second, String words) {
        LocalTime time = LocalTime.ofInstant(BEGUN.plusMillis((long) (second * 1_000)), ZoneId.systemDefault());
        log.append(DateTimeFormatter.ofPattern("HH:mm:ss.SSS").format(time))
                .append(" INFO  ")
                .append(words)
                .append('\n');
    }

    private List<LeaseTimes.Regrant> after(Instant granted, Instant ended, Instant next) {
        return LeaseTimes.read(BEGUN, List.of(log.toString()))
                .after(new LeaseTimes.Silence(7, KILLED, granted, ended, next), WITHIN);
    }

    @Test
    void leaseThatExpiresLongAfterTheNextDisturbanceIsTold() {
        granted(9, 1, 7);
        expired(18, 1);
        granted(18.5, 1, 8);
        assertEquals(
                List.of(new LeaseTimes.Regrant(1, 8_000, Optional.of(8_500L))),
                after(KILLED, BEGUN.plusSeconds(999), KILLED.plusMillis(6_500)));
    }

    @Test
    void timeOfALeaseThatWasGrantedToAHeldAgentBeginsThen() {
        granted(11, 1, 7);
        expired(16.1, 1);
        assertEquals(
                List.of(new LeaseTimes.Regrant(1, 5_100, Optional.empty())),
                after(BEGUN.plusSeconds(18), BEGUN.plusSeconds(18), BEGUN.plusSeconds(18)));
    }

    @Test
    void leasesOfOthersAndThoseThatWereDisturbedThemselvesAreNot() {
        granted(9, 1, 8);
        expired(15, 1);
        granted(13, 2, 7);
        expired(18, 2);
        assertEquals(List.of(), after(BEGUN.plusSeconds(14), BEGUN.plusSeconds(20), BEGUN.plusSeconds(17)));
    }
}
