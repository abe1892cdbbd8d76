package org.picket.cli;

import com.google.protobuf.ByteString;
import java.util.List;
import org.picket.proto.v1.RegisterStorageRequest;

/// What a storage is registered to be ruled by: a policy, and bundles by their manifests. The bundles themselves, which
/// may be large, a crawler need not keep.
///
/// @param policy its text
/// @param first manifest of the bundle that scores every object
/// @param further manifests of those that the policy asks, in its order
/// @param named the bundles, for people
record Declared(String policy, ByteString first, List<ByteString> further, String named) {
    Declared {
        further = List.copyOf(further);
    }

    static Declared of(Means means) {
        return new Declared(
                means.policy().selfContained(),
                ByteString.copyFrom(means.first().manifestBytes()),
                means.further().stream()
                        .map(bundle -> ByteString.copyFrom(bundle.manifestBytes()))
                        .toList(),
                means.named());
    }

    RegisterStorageRequest.Builder registration(String identity, ScanMode mode) {
        return RegisterStorageRequest.newBuilder()
                .setIdentity(identity)
                .setMode(mode.wire())
                .setPolicyText(policy)
                .setBundleManifest(first)
                .addAllFurtherManifests(further);
    }
}
