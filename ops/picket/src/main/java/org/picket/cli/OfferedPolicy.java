package org.picket.cli;

import com.google.protobuf.ByteString;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyParsed;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.PolicyResponse;

/// A policy as a coordinator handed it out: its key vouches for these bytes under this name, and they are a
/// sound policy.
///
/// @param policy what the text says
/// @param response as it came
record OfferedPolicy(Policy policy, PolicyResponse response) {
    /// What came of looking at an answer.
    sealed interface Read {
        /// It is to be believed.
        record Sound(OfferedPolicy offered) implements Read {}

        /// It is not.
        record Refused(String why) implements Read {}
    }

    /// The SHA-256 of its text.
    Digest sha256() {
        return Digest.of(response.getText());
    }

    /// What the coordinator's seal says that it hands out under a name; empty where the seal is not to be
    /// believed, or says something else.
    static Optional<ArtifactStatement> sealed(PolicyResponse response, String name, VerifyingKey coordinator) {
        Opened<ArtifactStatement> opened = Opened.open(
                SealKind.ARTIFACT,
                response.getArtifact(),
                ArtifactStatement.parser(),
                coordinator,
                Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<ArtifactStatement> _ -> Optional.empty();
            case Opened.Valid<ArtifactStatement> valid ->
                Optional.of(valid.statement())
                        .filter(statement -> statement.getKind() == ArtifactKind.ARTIFACT_POLICY
                                && statement.getName().equals(name));
        };
    }

    /// Looks at an answer that has the text.
    ///
    /// @param name that was asked for
    /// @param coordinator the key that was learnt in joining
    static Read read(PolicyResponse response, String name, VerifyingKey coordinator) {
        Optional<ArtifactStatement> sealed = sealed(response, name, coordinator);
        if (sealed.isEmpty()) {
            return new Read.Refused("it is not sealed by the coordinator's key as a policy of that name");
        }
        ByteString text = response.getText();
        if (text.size() > Limits.POLICY_BYTES
                || !Digest.of(text).bytes().equals(sealed.get().getSha256())) {
            return new Read.Refused("its text is not what the coordinator sealed: the SHA-256 is another one");
        }
        String read;
        try {
            read = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(text.asReadOnlyByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            return new Read.Refused("it is not text in UTF-8");
        }
        return switch (Policy.parse(read)) {
            case PolicyParsed.Valid(Policy policy) -> new Read.Sound(new OfferedPolicy(policy, response));
            case PolicyParsed.Faults(List<Fault> faults) ->
                new Read.Refused("it is no sound policy: "
                        + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        };
    }
}
