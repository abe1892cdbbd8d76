package org.picket.cli;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.picket.agent.bundle.Bundle;
import org.picket.coordinator.policy.Further;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.RegisterStorageRequest;

/// What a storage is registered to be ruled by: a policy, and bundles by their manifests. The bundles
/// themselves, which may be large, a crawler need not keep.
///
/// @param policy its text; empty: one of the collective's, which the coordinators tell
/// @param first manifest of the bundle that scores every object
/// @param further manifests of those that the policy asks
/// @param named the bundles, for people
record Declared(Optional<String> policy, Manifest first, List<Manifest> further, String named) {
    Declared {
        further = List.copyOf(further);
    }

    /// Of a bundle.
    ///
    /// @param bytes as they stand in the bundle
    record Manifest(BundleManifest says, ByteString bytes) {
        static Manifest of(Bundle bundle) {
            return new Manifest(bundle.manifest(), ByteString.copyFrom(bundle.manifestBytes()));
        }
    }

    /// What the setting names.
    ///
    /// @throws UsageFault with all that is not in order, or does not go together
    static Declared of(Setting setting) {
        if (setting.policy().filter(PolicyChoice.OfCollective.class::isInstance).isPresent()) {
            Means.Bundles bundles = Means.bundles(setting);
            return new Declared(
                    Optional.empty(),
                    Manifest.of(bundles.first()),
                    bundles.further().stream().map(Manifest::of).toList(),
                    Means.named(bundles.all()));
        }
        return of(Means.of(setting));
    }

    /// With a policy of its own.
    static Declared of(Means means) {
        return new Declared(
                Optional.of(means.policy().selfContained()),
                Manifest.of(means.first()),
                means.further().stream().map(Manifest::of).toList(),
                means.named());
    }

    /// What speaks against ruling by a policy with these bundles, in words.
    List<String> faults(Policy by) {
        return Means.faults(
                by, first.says(), further.stream().map(Manifest::says).toList());
    }

    /// With the further bundles in the order in which a policy asks them.
    Declared inOrderOf(Policy by) {
        List<String> order = by.further().stream().map(Further::bundle).toList();
        return new Declared(
                policy,
                first,
                further.stream()
                        .sorted(Comparator.comparingInt(
                                one -> order.indexOf(one.says().getName())))
                        .toList(),
                named);
    }

    /// By its own policy.
    RegisterStorageRequest.Builder registration(String identity, ScanMode mode) {
        return registration(identity, mode, policy.orElseThrow());
    }

    /// @param by text of the policy
    RegisterStorageRequest.Builder registration(String identity, ScanMode mode, String by) {
        return RegisterStorageRequest.newBuilder()
                .setIdentity(identity)
                .setMode(mode.wire())
                .setPolicyText(by)
                .setBundleManifest(first.bytes())
                .addAllFurtherManifests(further.stream().map(Manifest::bytes).toList());
    }
}
