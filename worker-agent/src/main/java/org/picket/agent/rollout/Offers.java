package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.seal.Opened;
import org.picket.proto.seal.SealKind;
import org.picket.proto.seal.VerifyingKey;
import org.picket.proto.v1.ArtifactKind;
import org.picket.proto.v1.ArtifactStatement;
import org.picket.proto.v1.Sealed;

/// What a coordinator says of the files that it hands out, as far as its key vouches for it.
///
/// @param coordinator the key that was learnt in joining
public record Offers(VerifyingKey coordinator) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9 ._-]{0,199}");

    /// The bundle of that digest.
    ///
    /// @return empty where it is not to be believed
    public Optional<ArtifactStatement> bundle(Sealed sealed, ByteString digest) {
        return open(sealed, ArtifactKind.ARTIFACT_BUNDLE)
                .filter(statement -> statement.getBundleDigest().equals(digest));
    }

    /// A provider pack for that platform.
    ///
    /// @return empty where it is not to be believed
    public Optional<ArtifactStatement> pack(Sealed sealed, String platform) {
        return open(sealed, ArtifactKind.ARTIFACT_PROVIDER_PACK)
                .filter(statement -> statement.getPlatform().equals(platform));
    }

    private Optional<ArtifactStatement> open(Sealed sealed, ArtifactKind kind) {
        Opened<ArtifactStatement> opened =
                Opened.open(SealKind.ARTIFACT, sealed, ArtifactStatement.parser(), coordinator, Limits.STATEMENT_BYTES);
        return switch (opened) {
            case Opened.Invalid<ArtifactStatement> _ -> Optional.empty();
            case Opened.Valid<ArtifactStatement> valid ->
                Optional.of(valid.statement())
                        .filter(statement -> statement.getKind() == kind
                                && statement.getSha256().size() == Digest.LENGTH
                                && statement.getBytes() > 0
                                && statement.getBytes() <= Limits.ARTIFACT_BYTES
                                && NAME.matcher(statement.getName()).matches());
        };
    }
}
