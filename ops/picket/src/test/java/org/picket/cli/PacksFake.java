package org.picket.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.picket.agent.pack.ProviderPack;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactChunk;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.FetchRequest;
import org.picket.proto.v1.WantRequest;
import org.picket.proto.v1.WantResponse;

/// A coordinator with packs, one of each provider, which answers some calls by failing first.
final class PacksFake extends ArtifactsGrpc.ArtifactsImplBase {
    static final int CHUNK = 100;

    final ArrayDeque<Status> wants = new ArrayDeque<>();
    final ArrayDeque<Status> fetches = new ArrayDeque<>();
    /// From which bytes on it was asked for one.
    final List<Long> offsets = new CopyOnWriteArrayList<>();
    private final SigningKey key;
    private final List<String> providers;

    PacksFake(SigningKey key, String... providers) {
        this.key = key;
        this.providers = List.of(providers);
    }

    @Override
    public synchronized void want(WantRequest request, StreamObserver<WantResponse> answer) {
        if (!wants.isEmpty()) {
            answer.onError(wants.poll().asRuntimeException());
            return;
        }
        WantResponse.Builder packs = WantResponse.newBuilder();
        for (String provider : providers) {
            packs.addPacks(key.seal(
                    SealKind.ARTIFACT,
                    ArtifactStatement.newBuilder()
                            .setKind(ArtifactKind.ARTIFACT_PROVIDER_PACK)
                            .setSha256(Digest.of(pack(provider)).bytes())
                            .setBytes(pack(provider).length)
                            .setName("natives " + provider)
                            .setPlatform(NativesFixture.ELSEWHERE.name())
                            .setProvider(provider)
                            .setRuntime(ProviderPack.RUNTIME)
                            .build()));
        }
        answer.onNext(packs.build());
        answer.onCompleted();
    }

    @Override
    public synchronized void fetch(FetchRequest request, StreamObserver<ArtifactChunk> answer) {
        if (!fetches.isEmpty()) {
            answer.onError(fetches.poll().asRuntimeException());
            return;
        }
        byte[] pack = providers.stream()
                .map(PacksFake::pack)
                .filter(one -> Digest.of(one).bytes().equals(request.getSha256()))
                .findFirst()
                .orElseThrow();
        offsets.add(request.getOffset());
        for (int at = (int) request.getOffset(); at < pack.length; at += CHUNK) {
            answer.onNext(ArtifactChunk.newBuilder()
                    .setOffset(at)
                    .setContent(ByteString.copyFrom(pack, at, Math.min(CHUNK, pack.length - at)))
                    .build());
        }
        answer.onCompleted();
    }

    static byte[] pack(String provider) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(entry("pack.properties"));
            zip.write(("platform = " + NativesFixture.ELSEWHERE.name() + "\nprovider = " + provider + "\nonnxruntime = "
                            + ProviderPack.RUNTIME + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("libonnxruntime.so"));
            zip.write(new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new IllegalStateException("a file in memory cannot fail", e);
        }
        return file.toByteArray();
    }

    /// The same bytes at each call.
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        return entry;
    }
}
