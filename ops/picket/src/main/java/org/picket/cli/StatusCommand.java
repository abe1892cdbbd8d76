package org.picket.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.picket.proto.v1.LookRequest;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.OverviewGrpc;
import org.picket.proto.v1.OverviewGrpc.OverviewBlockingStub;
import org.picket.proto.v1.Role;
import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows how the work of a collective stands.
@Command(
        name = "status",
        description = {
            "shows leases, storages, members and what stands still: live on a terminal, else a line now and then;",
            "on the coordinator's machine, or for an administrator what is the own site's"
        })
final class StatusCommand implements Callable<Integer> {
    private static final Duration PAINTED_EVERY = Duration.ofSeconds(1);
    private static final Duration SAID_EVERY = Duration.ofSeconds(10);
    private static final long ANSWERED_SECONDS = 10;

    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Option(names = "--json", description = "one JSON object, once")
    private boolean json;

    @Option(names = "--once", description = "all of it, once")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        RemoteMember member = member();
        try {
            Patience.certified(member);
            OverviewBlockingStub overview = OverviewGrpc.newBlockingStub(member.coordinator());
            if (json) {
                System.out.println(StatusJson.of(look(overview)));
                return Exit.COMPLETE;
            }
            if (once) {
                StatusScreen.whole(look(overview)).forEach(System.out::println);
                return Exit.COMPLETE;
            }
            try (Interruption interruption = Interruption.listen(() -> {})) {
                watch(overview, interruption);
                interruption.endWith(Exit.COMPLETE);
            }
            return Exit.COMPLETE;
        } finally {
            member.close();
        }
    }

    /// The coordinator's steward, where this is its machine; else an administrator of a site.
    private RemoteMember member() {
        Setting setting = Setting.of(common.configuration());
        MemberFile administrator = new MemberFile(setting.data(), Role.ADMINISTRATOR);
        MemberFile steward = new MemberFile(setting.data(), Role.STEWARD);
        return steward.exists() || !administrator.exists()
                ? steward.start(setting.coordinators())
                : administrator.start(setting.coordinators());
    }

    private static LookResponse look(OverviewBlockingStub overview) {
        return overview.withDeadlineAfter(ANSWERED_SECONDS, TimeUnit.SECONDS).look(LookRequest.getDefaultInstance());
    }

    /// Goes on while the coordinator is away, and says so.
    private static void watch(OverviewBlockingStub overview, Interruption interruption) throws InterruptedException {
        Optional<Screen> screen = Screen.ofProcess();
        Duration pause = screen.isPresent() ? PAINTED_EVERY : SAID_EVERY;
        CountDownLatch never = new CountDownLatch(1);
        while (!interruption.came()) {
            show(screen, overview);
            long until = System.nanoTime() + pause.toNanos();
            while (!interruption.came() && System.nanoTime() < until) {
                never.await(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static void show(Optional<Screen> screen, OverviewBlockingStub overview) {
        Optional<LookResponse> answer = Optional.empty();
        String fault = "";
        try {
            answer = Optional.of(look(overview));
        } catch (StatusRuntimeException e) {
            if (refused(e.getStatus().getCode())) {
                throw e;
            }
            fault = "the coordinator does not answer (" + e.getStatus().getCode() + "); asking again";
        }
        if (screen.isPresent()) {
            Screen.Size size = screen.get().size(System.nanoTime());
            List<String> lines = answer.map(given -> StatusScreen.lines(given, size.columns(), size.rows() - 1))
                    .orElse(List.of(fault));
            screen.get().paint(lines, size);
        } else {
            answer.map(StatusScreen::plain).orElse(List.of(fault)).forEach(System.out::println);
        }
    }

    private static boolean refused(Status.Code code) {
        return code == Status.Code.PERMISSION_DENIED
                || code == Status.Code.UNAUTHENTICATED
                || code == Status.Code.UNIMPLEMENTED;
    }
}
