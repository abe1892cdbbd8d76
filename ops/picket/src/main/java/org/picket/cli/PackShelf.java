package org.picket.cli;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;
import org.picket.agent.rollout.Allowance;
import org.picket.agent.rollout.Download;
import org.picket.agent.rollout.Ending;
import org.picket.agent.rollout.Offers;
import org.picket.agent.rollout.Transfers;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.WantRequest;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.time.BackOff;
import org.picket.runtime.time.TimeSource;

/// The provider packs that coordinators hand out. Where nobody waits any more, each call ends by [Unwanted].
///
/// @param transfers by which they come, within the bounds of the machine's operator
/// @param believed what coordinators say of packs
record PackShelf(Transfers transfers, Offers believed) {
    private static final Attempts ATTEMPTS = new Attempts(8, Duration.ofMillis(750), Duration.ofSeconds(15));
    /// Each of them waits for half a minute or more.
    private static final int MOST_TURNS = 120;

    /// The same, for what an agent can work without.
    private static final int TURNS_WITHOUT = 4;

    /// Between two looks at whether its operator holds it back still.
    private static final Duration LOOK = Duration.ofMillis(200);

    static PackShelf of(RemoteMember member, Allowance allowance, Ending ending) {
        return new PackShelf(
                new Transfers(List.copyOf(member.each()), allowance, TimeSource.system(), ending, ATTEMPTS),
                new Offers(member.record().coordinatorKey()));
    }

    /// The agent is to end.
    static final class Unwanted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unwanted() {
            super("the agent is to end", null, false, false);
        }
    }

    /// What there is for a platform.
    ///
    /// @param lack why nobody tells; empty: these are all
    record Offered(List<ArtifactStatement> packs, Optional<String> lack) {
        Optional<ArtifactStatement> of(String provider) {
            return packs.stream()
                    .filter(one -> one.getProvider().equals(provider))
                    .findFirst();
        }
    }

    /// What came of fetching one.
    sealed interface Fetch {
        /// It is at its place.
        record Came() implements Fetch {}

        /// It is not.
        ///
        /// @param inWords what happened and what to do
        record Failed(String inWords) implements Fetch {}
    }

    private static void say(String line) {
        System.err.println("picket: " + FindingRows.printable(line));
    }

    /// Where none answers just now, an agent that can do without does, and another one waits.
    Offered offers(Platform here, boolean without) throws InterruptedException {
        for (int turn = 1; ; turn++) {
            try {
                return new Offered(asked(here), Optional.empty());
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                boolean passing = Attempts.passing(code);
                if (!passing && code != Status.Code.UNIMPLEMENTED) {
                    throw e;
                }
                boolean waits = passing && !without && turn < MOST_TURNS;
                String lack = "the coordinator does not say which provider packs it has (" + code + ")";
                say(lack + (without ? "; goes on with the natives that are here" : waits ? "; waits for it" : ""));
                if (!waits) {
                    return new Offered(List.of(), Optional.of(lack));
                }
                await(new BackOff(
                                transfers.attempts().first(),
                                transfers.attempts().longest())
                        .jittered(turn));
            }
        }
    }

    private void await(Duration longest) throws InterruptedException {
        if (transfers.ending().within(longest)) {
            throw new Unwanted();
        }
    }

    /// @throws StatusRuntimeException what the last one answered, where none says what it has
    private List<ArtifactStatement> asked(Platform here) {
        StatusRuntimeException last = Status.UNAVAILABLE.asRuntimeException();
        for (Channel coordinator : transfers.coordinators()) {
            try {
                return ArtifactsGrpc.newBlockingStub(coordinator)
                        .want(WantRequest.newBuilder().setPlatform(here.name()).build())
                        .getPacksList()
                        .stream()
                        .flatMap(one -> believed.pack(one, here.name()).stream())
                        .filter(PackShelf::goesWithThis)
                        .toList();
            } catch (StatusRuntimeException e) {
                last = e;
            }
        }
        throw last;
    }

    private static boolean goesWithThis(ArtifactStatement offer) {
        boolean same = offer.getRuntime().isEmpty() || offer.getRuntime().equals(ProviderPack.RUNTIME);
        if (!same) {
            say("leaves the coordinator's provider pack " + offer.getName()
                    + " where it is: this program goes with ONNX Runtime " + ProviderPack.RUNTIME + " alone");
        }
        return same;
    }

    /// Fetches one to its place, as soon and as fast as its operator allows.
    ///
    /// @param without whether the agent can work without it: then it waits less long for its turn
    Fetch fetch(ArtifactStatement offer, Path place, boolean without) throws InterruptedException {
        Progress progress = new Progress(offer.getBytes());
        int turn = 1;
        while (true) {
            allowed(offer);
            switch (transfers.run(offer, place, progress::at)) {
                case Download.Outcome.Complete _ -> {
                    return new Fetch.Came();
                }
                // Whether it is still so, the next round looks; where the agent is to end, none follows.
                case Download.Outcome.Held _ -> await(Duration.ZERO);
                case Download.Outcome.Crowded crowded -> {
                    if (turn++ == (without ? TURNS_WITHOUT : MOST_TURNS)) {
                        return new Fetch.Failed(crowded.inWords() + " by the next 'picket agent run'");
                    }
                    say("waits for its turn: as many transfers as may be are under way at the coordinator");
                }
                case Download.Outcome.Failed failed -> {
                    return new Fetch.Failed(failed.inWords() + " by the next 'picket agent run'");
                }
                case Download.Outcome.Wrong wrong -> {
                    return new Fetch.Failed(wrong.inWords());
                }
            }
        }
    }

    /// Waits as long as the operator of the machine wants nothing fetched, and says once why.
    private void allowed(ArtifactStatement offer) throws InterruptedException {
        Optional<String> held = transfers.held(offer);
        held.ifPresent(PackShelf::say);
        while (held.isPresent()) {
            await(LOOK);
            held = transfers.held(offer);
        }
    }

    /// Tells each tenth of a download.
    private static final class Progress {
        private static final int PARTS = 10;
        private final long all;
        private long told = -1;

        Progress(long all) {
            this.all = all;
        }

        void at(long have) {
            long part = PARTS * have / all;
            if (part > told) {
                told = part;
                System.out.println("  " + Amounts.bytes(have) + " of " + Amounts.bytes(all));
            }
        }
    }
}
