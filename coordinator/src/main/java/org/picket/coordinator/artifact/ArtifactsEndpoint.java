package org.picket.coordinator.artifact;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.picket.coordinator.fleet.Member;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.proto.id.MemberId;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.PolicyRequest;
import org.picket.proto.v1.PolicyResponse;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.WantRequest;
import org.picket.proto.v1.WantResponse;
import org.picket.proto.v1.WantedBundle;
import org.picket.runtime.time.Pace;

/// Says what is wanted, and hands it out in chunks.
final class ArtifactsEndpoint extends ArtifactsGrpc.ArtifactsImplBase {
    /// Of one member: one more than it needs, since a connection that was cut is not known to be so at once.
    private static final int OF_ONE = 2;

    /// One owner's members have this part of all transfers.
    private static final int SHARE = 4;

    /// Some 3 MiB each, for a moment.
    private static final int POLICIES_AT_ONCE = 8;

    private static final Duration COME_BACK = Duration.ofSeconds(15);
    /// While nothing is wanted: the first work is waited for.
    private static final Duration COME_BACK_SOON = Duration.ofSeconds(5);

    private static final long LOOK_NANOS = 5_000_000;
    private static final long LONGEST_LOOK_NANOS = 100_000_000;
    /// Who takes nothing for so long is gone.
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Shelf shelf;
    private final Function<Member, List<ByteString>> wanted;
    private final Semaphore transfers;
    private final Semaphore policies = new Semaphore(POLICIES_AT_ONCE);
    /// Of the members of one owner, so that a few members of one do not keep all others from theirs.
    private final int ofOwner;

    private final Map<MemberId, Integer> ofEach = new HashMap<>();
    private final Map<OwnerId, Integer> ofOwners = new HashMap<>();
    private final Pace pace;

    ArtifactsEndpoint(Shelf shelf, ArtifactSettings settings, Function<Member, List<ByteString>> wanted) {
        this.shelf = shelf;
        this.wanted = wanted;
        this.transfers = new Semaphore(settings.transfers());
        this.ofOwner = Math.max(1, settings.transfers() / SHARE);
        this.pace = new Pace(settings.bytesPerSecond());
    }

    @Override
    public void want(WantRequest request, StreamObserver<WantResponse> answer) {
        List<ByteString> digests = wanted.apply(Member.caller());
        WantResponse.Builder wants = WantResponse.newBuilder();
        digests.stream().limit(Limits.WANTED_ARTIFACTS).forEach(digest -> {
            WantedBundle.Builder bundle = wants.addBundlesBuilder().setBundleDigest(digest);
            shelf.bundle(digest).ifPresent(artifact -> bundle.setArtifact(artifact.sealed()));
        });
        if (!request.getPlatform().isEmpty()) {
            shelf.packs(request.getPlatform()).forEach(pack -> wants.addPacks(pack.sealed()));
        }
        Duration comeBack = digests.isEmpty() ? COME_BACK_SOON : COME_BACK;
        answer.onNext(wants.setComeBack(Span.newBuilder().setMilliseconds(comeBack.toMillis()))
                .build());
        answer.onCompleted();
    }

    @Override
    public void fetch(FetchRequest request, StreamObserver<ArtifactChunk> answer) {
        Artifact artifact = shelf.content(request.getSha256())
                .orElseThrow(() -> Status.NOT_FOUND
                        .withDescription("this coordinator does not hand that out, or no more")
                        .asRuntimeException());
        if (request.getOffset() < 0
                || request.getOffset() >= artifact.statement().getBytes()) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("offset is not below the artifact's size")
                    .asRuntimeException();
        }
        Member member = Member.caller();
        enter(member);
        boolean complete;
        try {
            complete = send(artifact, request.getOffset(), (ServerCallStreamObserver<ArtifactChunk>) answer);
        } catch (IOException e) {
            throw changed();
        } finally {
            leave(member);
        }
        if (complete) {
            answer.onCompleted();
        }
    }

    @Override
    public void policy(PolicyRequest request, StreamObserver<PolicyResponse> answer) {
        boolean looked = shelf.looked();
        Artifact artifact = shelf.policy(request.getName())
                .orElseThrow(() -> (looked
                                ? Status.NOT_FOUND.withDescription(
                                        "this coordinator hands out no policy of that name, or no more")
                                : Status.UNAVAILABLE.withDescription(
                                        "this coordinator has just started, and looks what it hands out"))
                        .asRuntimeException());
        PolicyResponse.Builder response = PolicyResponse.newBuilder().setArtifact(artifact.sealed());
        if (!request.getHasSha256().equals(artifact.statement().getSha256())) {
            response.setText(text(artifact));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    private ByteString text(Artifact artifact) {
        // Not among the transfers, of which slow ones may take all places.
        if (!policies.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("as many policies as may be are being read; come back later")
                    .asRuntimeException();
        }
        try {
            if (!Shelf.stamp(artifact.stamp().file()).equals(artifact.stamp())) {
                throw changed();
            }
            ByteString text =
                    ByteString.copyFrom(Files.readAllBytes(artifact.stamp().file()));
            if (!Digest.of(text).bytes().equals(artifact.statement().getSha256())) {
                throw changed();
            }
            return text;
        } catch (IOException e) {
            throw changed();
        } finally {
            policies.release();
        }
    }

    /// @return false where the call has ended meanwhile: its member went away, or was silenced
    private boolean send(Artifact artifact, long offset, ServerCallStreamObserver<ArtifactChunk> answer)
            throws IOException {
        if (!Shelf.stamp(artifact.stamp().file()).equals(artifact.stamp())) {
            throw changed();
        }
        try (SeekableByteChannel file = Files.newByteChannel(artifact.stamp().file())) {
            file.position(offset);
            Transfer transfer = new Transfer(System.nanoTime());
            long at = offset;
            while (at < artifact.statement().getBytes()) {
                int bytes = (int) Math.min(
                        Limits.ARTIFACT_CHUNK_BYTES, artifact.statement().getBytes() - at);
                ByteBuffer content = ByteBuffer.allocate(bytes);
                while (content.hasRemaining()) {
                    if (file.read(content) < 0) {
                        throw changed();
                    }
                }
                if (!await(answer, transfer, bytes)) {
                    return false;
                }
                answer.onNext(ArtifactChunk.newBuilder()
                        .setOffset(at)
                        .setContent(UnsafeByteOperations.unsafeWrap(content.array()))
                        .build());
                at += bytes;
            }
        }
        return true;
    }

    /// Waits until the caller takes more, and it is these bytes' turn.
    ///
    /// @return false where the call has ended
    /// @throws StatusRuntimeException where it takes too long
    private boolean await(ServerCallStreamObserver<ArtifactChunk> answer, Transfer transfer, int bytes) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!answer.isReady() && !answer.isCancelled()) {
            if (System.nanoTime() > deadline) {
                throw ended("nothing was taken for a minute");
            }
            goesOn(transfer);
            LockSupport.parkNanos(LOOK_NANOS);
        }
        goesOn(transfer);
        long turn = System.nanoTime();
        long wait = answer.isCancelled() ? 0 : pace.take(bytes, turn);
        for (long left = wait; left > 0 && !answer.isCancelled(); left = wait - (System.nanoTime() - turn)) {
            LockSupport.parkNanos(Math.min(left, LONGEST_LOOK_NANOS));
        }
        transfer.sent(bytes, System.nanoTime() - turn);
        return !answer.isCancelled();
    }

    private static void goesOn(Transfer transfer) {
        transfer.over(System.nanoTime()).ifPresent(why -> {
            throw ended(why);
        });
    }

    private static StatusRuntimeException ended(String why) {
        return Status.ABORTED
                .withDescription(why + ", and others wait; go on from where it stopped")
                .asRuntimeException();
    }

    private void enter(Member member) {
        synchronized (ofEach) {
            if (ofEach.getOrDefault(member.id(), 0) >= OF_ONE
                    || ofOwners.getOrDefault(member.owner(), 0) >= ofOwner
                    || !transfers.tryAcquire()) {
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("as many transfers as may be are under way; come back later")
                        .asRuntimeException();
            }
            ofEach.merge(member.id(), 1, Integer::sum);
            ofOwners.merge(member.owner(), 1, Integer::sum);
        }
    }

    private void leave(Member member) {
        synchronized (ofEach) {
            less(ofEach, member.id());
            less(ofOwners, member.owner());
            transfers.release();
        }
    }

    private static <K> void less(Map<K, Integer> counts, K of) {
        counts.merge(of, -1, (had, one) -> had + one == 0 ? null : had + one);
    }

    private static StatusRuntimeException changed() {
        return Status.ABORTED
                .withDescription("the file was changed or taken away while it was handed out; ask again what is wanted")
                .asRuntimeException();
    }
}
