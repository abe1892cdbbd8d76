package org.picket.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.picket.agent.session.Leave;
import org.picket.agent.session.WorkHours;
import org.picket.cli.AgentWish.Wish;
import org.picket.runtime.terminal.Amounts;

/// When an agent may take leases: in the hours of its settings, while nobody wants it to pause, or the graphics card.
final class AgentLeave implements Leave {
    private final WorkHours hours;
    private final ZoneId zone;
    private volatile Optional<Wish> wish = Optional.empty();
    private volatile Optional<String> busy = Optional.empty();

    /// @param zone of this machine
    AgentLeave(WorkHours hours, ZoneId zone) {
        this.hours = hours;
        this.zone = zone;
    }

    /// This is wanted now.
    void wanted(Optional<Wish> now) {
        wish = now;
    }

    /// The graphics card is wanted by others now, in words; empty: it is not.
    void busy(Optional<String> now) {
        busy = now;
    }

    /// Whether it is to end when its leases are finished.
    boolean draining() {
        return wish.equals(Optional.of(Wish.DRAIN));
    }

    @Override
    public Optional<String> refusal(Instant now) {
        return wish.map(AgentLeave::words).or(() -> closed(now)).or(() -> busy);
    }

    private static String words(Wish wish) {
        return switch (wish) {
            case PAUSE -> "paused; 'picket agent resume' goes on";
            case DRAIN -> "draining: ends when its leases are finished";
        };
    }

    private Optional<String> closed(Instant now) {
        Duration opens = hours.opensIn(now, zone);
        return opens.isZero()
                ? Optional.empty()
                : Optional.of("outside of its hours; goes on in " + Amounts.span(opens.plusMillis(999)));
    }
}
