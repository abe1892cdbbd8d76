package org.picket.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.SigningKey;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.ArtifactsGrpc;
import org.picket.proto.v1.PolicyRequest;
import org.picket.proto.v1.PolicyResponse;

/// A coordinator that hands out policies, and may lie in each way.
final class PoliciesFake extends ArtifactsGrpc.ArtifactsImplBase {
    final Map<String, String> texts = new ConcurrentHashMap<>();
    final AtomicInteger sent = new AtomicInteger();
    /// What it answers in place of a policy.
    final AtomicReference<Optional<Status>> failing = new AtomicReference<>(Optional.empty());
    /// What becomes of its answers on the way.
    volatile UnaryOperator<PolicyResponse> meddling = UnaryOperator.identity();

    volatile UnaryOperator<ArtifactStatement> stating = UnaryOperator.identity();
    volatile SigningKey key;

    PoliciesFake(SigningKey key) {
        this.key = key;
    }

    @Override
    public void policy(PolicyRequest request, StreamObserver<PolicyResponse> answer) {
        Optional<Status> status = failing.get()
                .or(() -> texts.containsKey(request.getName()) ? Optional.empty() : Optional.of(Status.NOT_FOUND));
        if (status.isPresent()) {
            answer.onError(status.get().asRuntimeException());
            return;
        }
        ByteString text = ByteString.copyFromUtf8(texts.get(request.getName()));
        ArtifactStatement statement = stating.apply(ArtifactStatement.newBuilder()
                .setKind(ArtifactKind.ARTIFACT_POLICY)
                .setName(request.getName())
                .setSha256(Digest.of(text).bytes())
                .setBytes(text.size())
                .build());
        PolicyResponse.Builder response =
                PolicyResponse.newBuilder().setArtifact(key.seal(SealKind.ARTIFACT, statement));
        if (!request.getHasSha256().equals(statement.getSha256())) {
            response.setText(text);
            sent.incrementAndGet();
        }
        answer.onNext(meddling.apply(response.build()));
        answer.onCompleted();
    }
}
