package org.picket.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.picket.agent.Agent;
import org.picket.agent.inference.Provider;
import org.picket.agent.status.AgentScreen;
import org.picket.agent.status.AgentStatus;
import org.picket.agent.status.BusyGpu;
import org.picket.agent.status.GpuUse;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Screen;

/// Looks at an agent once a second while it works: does what its operator wants, and shows how it stands, live
/// on a terminal, else in a line where there is no work.
final class AgentWatch {
    private static final long LOOK_MILLIS = 1_000;

    private final Agent agent;
    private final RemoteMember member;
    private final AgentLeave leave;
    private final AgentWish wish;
    private final AgentBounds bounds;
    private final List<String> natives;
    /// Known once the first bundle runs.
    private Optional<Provider> provider = Optional.empty();

    private List<String> limits = List.of();
    private final Optional<BusyGpu> busy;
    private final Optional<Screen> screen = Screen.ofProcess();
    private final GpuUse gpu = new GpuUse();
    private final Patience.Said said = new Patience.Said();
    private final Set<String> downgrades = new HashSet<>();
    private final long started = System.nanoTime();

    /// @param bounds that its operator has set
    /// @param natives why they are not what was wanted
    AgentWatch(
            Agent agent,
            RemoteMember member,
            AgentLeave leave,
            AgentWish wish,
            AgentBounds bounds,
            List<String> natives) {
        this.agent = agent;
        this.member = member;
        this.leave = leave;
        this.wish = wish;
        this.bounds = bounds;
        this.natives = List.copyOf(natives);
        this.busy = bounds.gpuBusy().isPresent()
                ? Optional.of(new BusyGpu(bounds.gpuBusy().getAsInt()))
                : Optional.empty();
    }

    /// Returns when the agent is to end.
    void watch(Interruption interruption) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!interruption.came() && !drained()) {
            leave.wanted(wish.read());
            AgentStatus status = agent.status();
            look(status.engine().provider());
            OptionalInt use = use(System.nanoTime());
            show(status.downgraded(lacks()), use);
            never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (screen.isPresent()) {
            System.out.println("finishing the leases under way …");
        }
    }

    /// Tells people what happens, where no screen shows it.
    static void tell(String line) {
        if (Screen.ofProcess().isEmpty()) {
            System.err.println("picket: " + FindingRows.printable(line));
        }
    }

    /// What the agent itself does not know of.
    private List<String> lacks() {
        return Stream.concat(natives.stream(), busy.flatMap(BusyGpu::blind).stream())
                .toList();
    }

    private void look(String name) {
        provider = provider.or(() -> Arrays.stream(Provider.values())
                .filter(one -> one.name().equals(name))
                .findFirst());
        if (provider.isPresent() && limits.isEmpty()) {
            limits = bounds.words(provider.get());
            if (screen.isEmpty()) {
                limits.forEach(line -> System.err.println("picket: limit: " + line));
            }
        }
    }

    private boolean drained() {
        return leave.draining() && agent.resting();
    }

    /// How busy the graphics card is, and whether that is for others.
    private OptionalInt use(long now) {
        boolean card = provider.filter(one -> one == Provider.CUDA || one == Provider.TENSORRT)
                .isPresent();
        if (!card || screen.isEmpty() && busy.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean looks = gpu.due(now);
        OptionalInt all = gpu.percent(now);
        if (looks) {
            busy.ifPresent(others -> leave.busy(others.look(GpuUse.others(all, agent.resting()))));
        }
        return all;
    }

    private void show(AgentStatus status, OptionalInt use) {
        if (screen.isEmpty()) {
            status.downgrades().stream().filter(downgrades::add).forEach(AgentWatch::tell);
            member.trouble().or(status::idle).ifPresent(said::say);
            return;
        }
        long now = System.nanoTime();
        Screen.Size size = screen.get().size(now);
        AgentScreen.Around around = new AgentScreen.Around(
                "agent " + member.record().member().value() + " for "
                        + member.record().coordinators(),
                Duration.ofNanos(now - started),
                use,
                bounds.traffic(),
                limits,
                member.trouble());
        List<String> lines = AgentScreen.lines(status, around, size.columns(), size.rows() - 1);
        screen.get().paint(lines.stream().map(FindingRows::printable).toList(), size);
    }
}
