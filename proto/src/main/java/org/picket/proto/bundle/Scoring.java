package org.picket.proto.bundle;

import java.util.Objects;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.Preprocessing;

/// What scores come of: a bundle, and how objects become the views that it takes. Where either differs, scores cannot
/// be compared.
///
/// @param bundle its digest
/// @param preprocessing how objects become its views
public record Scoring(Digest bundle, Preprocessing preprocessing) {
    public Scoring {
        Objects.requireNonNull(bundle);
        Objects.requireNonNull(preprocessing);
    }

    /// As a bundle's manifest says.
    ///
    /// @param bundle its digest
    public static Scoring of(Digest bundle, BundleManifest manifest) {
        return new Scoring(
                bundle,
                Preprocessing.newBuilder()
                        .setVersion(manifest.getPreprocessingVersion())
                        .setViewSize(manifest.getViewSize())
                        .build());
    }

    /// SHA-256 of the preprocessing's bytes, which are the same everywhere: it has no maps and no unknown fields.
    public Digest preprocessingDigest() {
        return Digest.of(preprocessing.toByteString());
    }
}
