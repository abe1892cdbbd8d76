package org.picket.coordinator.site;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;
import org.picket.proto.circle.Circle;

/// The terms of a storage as a site hands them in and as they are kept.
///
/// @param policy protobuf text format, without list files (see `Policy.selfContained`)
/// @param bundleManifest as it stands in the bundle, byte for byte
/// @param further manifests of the further bundles that the policy asks
/// @param circle whose agents may see its pictures
public record TermsText(
        StorageMode mode, String policy, ByteString bundleManifest, List<ByteString> further, Circle circle) {
    /// Of a storage that accepts every operator.
    public TermsText(StorageMode mode, String policy, ByteString bundleManifest, List<ByteString> further) {
        this(mode, policy, bundleManifest, further, Circle.EVERYONE);
    }

    /// Without further bundles.
    public TermsText(StorageMode mode, String policy, ByteString bundleManifest) {
        this(mode, policy, bundleManifest, List.of());
    }

    public TermsText {
        further = List.copyOf(further);
        Objects.requireNonNull(mode);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(bundleManifest);
        Objects.requireNonNull(circle);
    }
}
