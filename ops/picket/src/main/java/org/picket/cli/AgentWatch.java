package org.picket.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.picket.agent.Agent;
import org.picket.agent.status.AgentScreen;
import org.picket.agent.status.AgentStatus;
import org.picket.agent.status.GpuUse;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Screen;

/// Looks at an agent once a second while it works: does what its operator wants, and shows how it stands, live on a
/// terminal, else in a line where there is no work.
final class AgentWatch {
    private static final long LOOK_MILLIS = 1_000;

    private final Agent agent;
    private final RemoteMember member;
    private final AgentLeave leave;
    private final AgentWish wish;
    private final OptionalLong bound;
    private final Optional<Screen> screen = Screen.ofProcess();
    private final GpuUse gpu = new GpuUse();
    private final Patience.Said said = new Patience.Said();
    private final long started = System.nanoTime();

    /// @param bound of bytes a second
    AgentWatch(Agent agent, RemoteMember member, AgentLeave leave, AgentWish wish, OptionalLong bound) {
        this.agent = agent;
        this.member = member;
        this.leave = leave;
        this.wish = wish;
        this.bound = bound;
    }

    /// Returns when the agent is to end.
    void watch(Interruption interruption) throws InterruptedException {
        if (screen.isEmpty()) {
            agent.status().downgrades().forEach(line -> System.err.println("picket: " + line));
        }
        CountDownLatch never = new CountDownLatch(1);
        while (!interruption.came() && !drained()) {
            leave.wanted(wish.read());
            show(agent.status());
            never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (screen.isPresent()) {
            System.out.println("finishing the leases under way …");
        }
    }

    private boolean drained() {
        return leave.draining() && agent.resting();
    }

    private void show(AgentStatus status) {
        if (screen.isEmpty()) {
            member.trouble().or(status::idle).ifPresent(said::say);
            return;
        }
        long now = System.nanoTime();
        Screen.Size size = screen.get().size(now);
        String provider = status.engine().provider();
        OptionalInt busy =
                provider.equals("CUDA") || provider.equals("TENSORRT") ? gpu.percent(now) : OptionalInt.empty();
        AgentScreen.Around around = new AgentScreen.Around(
                "agent " + member.record().member().value() + " for "
                        + member.record().coordinators(),
                Duration.ofNanos(now - started),
                busy,
                bound,
                member.trouble());
        List<String> lines = AgentScreen.lines(status, around, size.columns(), size.rows() - 1);
        screen.get().paint(lines.stream().map(FindingRows::printable).toList(), size);
    }
}
