package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.runtime.channel.Attempts;
import org.picket.runtime.channel.Connection;
import org.picket.runtime.time.TimeSource;

/// Fetches artifacts within the bounds of an agent's operator: none while the agent is held back, and no faster
/// than it may take bytes in. For one thread.
///
/// @param coordinators that hand them out
/// @param allowance tells the bounds
/// @param ending cuts all waits short
/// @param attempts how patient each transfer is
public record Transfers(
        List<Channel> coordinators, Allowance allowance, TimeSource time, Ending ending, Attempts attempts) {
    /// One call of a transfer: a peer that sends a byte now and then is left, and the transfer goes on
    /// elsewhere.
    private static final long CALL_MINUTES = 10;

    /// Where bytes are bounded: now and then leases have their turn, which look for it every 200 ms.
    private static final Duration SHARE = Duration.ofSeconds(3);

    private static final Duration TURN = Duration.ofMillis(300);

    /// The agent is held back in the midst of a download.
    private static final class Held extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Held(String why) {
            super(why, null, false, false);
        }
    }

    public Transfers {
        coordinators = List.copyOf(coordinators);
    }

    /// Fetches one; where its agent is held back meanwhile, what had come is kept.
    ///
    /// @param progress told how many bytes are there
    public Download.Outcome run(ArtifactStatement offer, Path place, LongConsumer progress)
            throws InterruptedException {
        try {
            return new Download(offer, place, progress).run(sources(offer.getSha256()), attempts);
        } catch (Held e) {
            return new Download.Outcome.Held(words(offer, e.getMessage()));
        }
    }

    /// Why it must not be fetched now, by the operator's word.
    public Optional<String> held(ArtifactStatement offer) {
        return allowance.held(time.now()).map(why -> words(offer, why));
    }

    private static String words(ArtifactStatement offer, String why) {
        boolean pack = offer.getKind() == ArtifactKind.ARTIFACT_PROVIDER_PACK;
        return (pack ? "the provider pack " : "the bundle ") + offer.getName() + " is not fetched just now: " + why;
    }

    private List<Download.Source> sources(ByteString sha256) {
        return Connection.bestFirst(coordinators).stream()
                .map(coordinator -> (Download.Source) offset -> new Bounded(ArtifactsGrpc.newBlockingStub(coordinator)
                        .withDeadlineAfter(CALL_MINUTES, TimeUnit.MINUTES)
                        .fetch(FetchRequest.newBuilder()
                                .setSha256(sha256)
                                .setOffset(offset)
                                .build())))
                .toList();
    }

    /// Asks for the next chunk once the ones before it are paid for.
    private final class Bounded implements Iterator<ArtifactChunk> {
        private final Iterator<ArtifactChunk> chunks;
        private Instant turn = time.now();

        Bounded(Iterator<ArtifactChunk> chunks) {
            this.chunks = chunks;
        }

        @Override
        public boolean hasNext() {
            return chunks.hasNext();
        }

        @Override
        public ArtifactChunk next() {
            Optional<String> held = allowance.held(time.now());
            if (held.isPresent()) {
                throw new Held(held.get());
            }
            ArtifactChunk chunk = chunks.next();
            Duration wait = allowance.came(chunk.getContent().size());
            if (wait.isPositive()) {
                boolean shares = Duration.between(turn, time.now()).compareTo(SHARE) > 0;
                await(shares ? wait.plus(TURN) : wait);
                turn = shares ? time.now() : turn;
            }
            return chunk;
        }

        private void await(Duration wait) {
            try {
                if (ending.within(wait)) {
                    throw new Held("it is being closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
            }
        }
    }
}
