package org.picket.agent.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.terminal.Screen;

/// What an agent's operator sees on a terminal. Pure.
public final class AgentScreen {
    private static final int BAR = 20;

    private AgentScreen() {}

    /// What is around an agent.
    ///
    /// @param name of the agent and its coordinators
    /// @param age since its start
    /// @param gpuPercent how busy the graphics card is; empty: not measured
    /// @param bounds of what comes in and goes out
    /// @param limits that its operator has set beside these, in words
    /// @param trouble with the coordinator
    public record Around(
            String name,
            Duration age,
            OptionalInt gpuPercent,
            Bounds bounds,
            List<String> limits,
            Optional<String> trouble) {
        public Around {
            limits = List.copyOf(limits);
        }
    }

    /// Bytes a second, at most; empty: as many as come.
    public record Bounds(OptionalLong in, OptionalLong out) {}

    /// So much as fits.
    public static List<String> lines(AgentStatus status, Around around, int columns, int rows) {
        List<String> lines = new ArrayList<>(head(status, around));
        List<String> rest = new ArrayList<>();
        around.trouble().ifPresent(trouble -> rest.add("! " + trouble));
        status.idle().ifPresent(idle -> rest.add("no further lease: " + idle));
        int room = Math.max(0, rows - lines.size() - rest.size() - 1);
        lines.add(status.leases().size() + (status.leases().size() == 1 ? " lease" : " leases") + " under way");
        boolean fits = status.leases().size() <= room;
        int shown = fits ? status.leases().size() : Math.max(0, room - 1);
        status.leases().stream().limit(shown).map(AgentScreen::lease).forEach(lines::add);
        if (!fits) {
            lines.add("  … and " + (status.leases().size() - shown) + " more");
        }
        lines.addAll(rest);
        return lines.stream().limit(rows).map(line -> Screen.cut(line, columns)).toList();
    }

    private static List<String> head(AgentStatus status, Around around) {
        AgentStatus.Flow flow = status.flow();
        AgentStatus.Counts counts = status.counts();
        List<String> head = new ArrayList<>();
        head.add(around.name() + " · up " + Amounts.span(around.age()) + " · "
                + status.engine().provider());
        head.add((flow.viewsPerSecond() > 0 ? Amounts.rate(flow.viewsPerSecond(), "views") : "views/s not known yet")
                + " · " + Amounts.byteRate(flow.in().perSecond()) + " in"
                + most(around.bounds().in())
                + " · " + Amounts.byteRate(flow.out().perSecond()) + " out"
                + most(around.bounds().out())
                + " · GPU use "
                + (around.gpuPercent().isPresent() ? around.gpuPercent().getAsInt() + " %" : "not measured"));
        head.add("since the start: " + Amounts.count(flow.views()) + " views scored, "
                + Amounts.bytes(flow.in().all()) + " in, "
                + Amounts.bytes(flow.out().all()) + " out, " + Amounts.count(counts.leases()) + " leases");
        head.add("verified work: " + Amounts.count(counts.acceptedViews()) + " views in "
                + Amounts.count(counts.accepted()) + " accepted verdicts · " + counts.late() + " late · "
                + counts.rejected() + " rejected · leases " + counts.lost() + " lost, " + counts.givenBack()
                + " given back");
        if (!around.limits().isEmpty()) {
            head.add("limits: " + String.join(" · ", around.limits()));
        }
        status.engine().checks().forEach(check -> head.add("own check: " + check));
        status.downgrades().forEach(reason -> head.add("! downgrade: " + reason));
        return head;
    }

    private static String most(OptionalLong bound) {
        return bound.isPresent() ? " of at most " + Amounts.byteRate(bound.getAsLong()) : "";
    }

    private static String lease(AgentStatus.LeaseStatus lease) {
        int done = lease.objects() == 0 ? 0 : Math.clamp((long) BAR * lease.cursor() / lease.objects(), 0, BAR);
        return "  shard " + lease.shard() + "  [" + "#".repeat(done) + "-".repeat(BAR - done) + "] "
                + Amounts.count(lease.cursor()) + " of " + Amounts.count(lease.objects()) + " objects scored, "
                + Amounts.count(lease.waiting()) + " views wait"
                + lease.route().map(route -> ", " + route.word()).orElse("");
    }
}
