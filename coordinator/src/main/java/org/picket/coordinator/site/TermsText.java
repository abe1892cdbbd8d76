package org.picket.coordinator.site;

import com.google.protobuf.ByteString;
import java.util.Objects;

/// The terms of a storage as a site hands them in and as they are kept.
///
/// @param policy protobuf text format, without list files (see `Policy.selfContained`)
/// @param bundleManifest as it stands in the bundle, byte for byte
public record TermsText(StorageMode mode, String policy, ByteString bundleManifest) {
    public TermsText {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(bundleManifest);
    }
}
