package org.picket.cli;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;
import org.picket.agent.rollout.Download;
import org.picket.agent.rollout.Offers;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.WantRequest;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.membership.RemoteMember;
import org.picket.runtime.terminal.Amounts;

/// The provider packs that coordinators hand out.
///
/// @param coordinators any of them
/// @param believed what they say of packs
/// @param attempts how patient each turn of a question or a download is
record PackShelf(List<? extends Channel> coordinators, Offers believed, Attempts attempts) {
    private static final Attempts ATTEMPTS = new Attempts(8, Duration.ofMillis(750), Duration.ofSeconds(15));
    private static final long CALL_MINUTES = 10;
    /// Each of them waits for half a minute or more.
    private static final int MOST_TURNS = 120;

    static PackShelf of(RemoteMember member) {
        return new PackShelf(member.each(), new Offers(member.record().coordinatorKey()), ATTEMPTS);
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
                pause(turn);
            }
        }
    }

    private void pause(int failures) throws InterruptedException {
        try {
            attempts.pause(failures);
        } catch (StatusRuntimeException e) {
            throw new InterruptedException();
        }
    }

    /// @throws StatusRuntimeException what the last one answered, where none says what it has
    private List<ArtifactStatement> asked(Platform here) {
        StatusRuntimeException last = Status.UNAVAILABLE.asRuntimeException();
        for (Channel coordinator : coordinators) {
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

    /// Fetches one to its place.
    Fetch fetch(ArtifactStatement offer, Path place) throws InterruptedException {
        Progress progress = new Progress(offer.getBytes());
        List<Download.Source> sources = coordinators.stream()
                .map(coordinator -> (Download.Source) offset -> ArtifactsGrpc.newBlockingStub(coordinator)
                        .withDeadlineAfter(CALL_MINUTES, TimeUnit.MINUTES)
                        .fetch(FetchRequest.newBuilder()
                                .setSha256(offer.getSha256())
                                .setOffset(offset)
                                .build()))
                .toList();
        Download download = new Download(offer, place, progress::at);
        Download.Outcome outcome = download.run(sources, attempts);
        for (int turn = 1; turn < MOST_TURNS && outcome instanceof Download.Outcome.Crowded; turn++) {
            say("waits for its turn: as many transfers as may be are under way at the coordinator");
            outcome = download.run(sources, attempts);
        }
        return switch (outcome) {
            case Download.Outcome.Failed failed ->
                new Fetch.Failed(failed.inWords() + " by the next 'picket agent run'");
            case Download.Outcome.Crowded crowded ->
                new Fetch.Failed(crowded.inWords() + " by the next 'picket agent run'");
            case Download.Outcome.Wrong wrong -> new Fetch.Failed(wrong.inWords());
            case Download.Outcome.Complete _ -> new Fetch.Came();
        };
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
