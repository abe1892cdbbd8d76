package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.BundleNeeds;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.WantRequest;
import org.picket.proto.v1.WantResponse;
import org.picket.proto.v1.WantedBundle;

/// Wants what it is told, and hands it out.
final class ShelfFake extends ArtifactsGrpc.ArtifactsImplBase {
    private static final int CHUNK = 1_000;

    final AtomicInteger fetches = new AtomicInteger();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean withholds;
    volatile long memory;
    /// What it names besides, which is no digest.
    volatile Optional<ByteString> odd = Optional.empty();

    volatile boolean garbles;
    private final SigningKey key;
    private volatile List<byte[]> wanted = List.of();

    ShelfFake(SigningKey key) {
        this.key = key;
    }

    void want(byte[]... bundles) {
        wanted = List.of(bundles);
    }

    @Override
    public void want(WantRequest request, StreamObserver<WantResponse> answer) {
        WantResponse.Builder wants =
                WantResponse.newBuilder().setComeBack(Span.newBuilder().setMilliseconds(1));
        asked.incrementAndGet();
        odd.ifPresent(digest -> wants.addBundlesBuilder().setBundleDigest(digest));
        for (byte[] file : wanted) {
            Bundle bundle = Bundle.read("test", new ByteArrayInputStream(file)).orThrow();
            WantedBundle.Builder one = wants.addBundlesBuilder().setBundleDigest(ByteString.copyFrom(bundle.digest()));
            if (!withholds) {
                one.setArtifact(key.seal(
                        SealKind.ARTIFACT,
                        ArtifactStatement.newBuilder()
                                .setKind(ArtifactKind.ARTIFACT_BUNDLE)
                                .setSha256(Digest.of(file).bytes())
                                .setBytes(file.length)
                                .setName(bundle.manifest().getName() + " "
                                        + bundle.manifest().getVersion())
                                .setBundleDigest(one.getBundleDigest())
                                .setNeeds(BundleNeeds.newBuilder().setMemoryBytes(memory))
                                .build()));
            }
        }
        answer.onNext(wants.build());
        answer.onCompleted();
    }

    @Override
    public void fetch(FetchRequest request, StreamObserver<ArtifactChunk> answer) {
        fetches.incrementAndGet();
        byte[] file = wanted.stream()
                .filter(one -> Digest.of(one).bytes().equals(request.getSha256()))
                .findFirst()
                .orElseThrow(Status.NOT_FOUND::asRuntimeException);
        for (int at = (int) request.getOffset(); at < file.length; at += CHUNK) {
            byte[] content = java.util.Arrays.copyOfRange(file, at, Math.min(file.length, at + CHUNK));
            if (garbles) {
                content[0] ^= 1;
            }
            answer.onNext(ArtifactChunk.newBuilder()
                    .setOffset(at)
                    .setContent(ByteString.copyFrom(content))
                    .build());
        }
        answer.onCompleted();
    }
}
