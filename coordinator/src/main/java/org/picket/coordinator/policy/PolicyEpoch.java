package org.picket.coordinator.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.picket.proto.seal.Digest;

/// The epoch: the name of everything that a ruling depends on besides the object itself. Content that was ruled
/// under the current epoch need not be looked at again; after any change of policy, bundle or preprocessing it
/// must.
public final class PolicyEpoch {
    private static final byte[] DOMAIN = "picket/v1/epoch\0".getBytes(StandardCharsets.US_ASCII);

    private PolicyEpoch() {}

    /// SHA-256 over `"picket/v1/epoch\0" ‖ policy digest ‖ bundle digest ‖ preprocessing digest`: 32 bytes.
    ///
    /// @throws IllegalArgumentException if a digest has not 32 bytes
    public static byte[] of(Policy policy, byte[] bundleDigest, byte[] preprocessingDigest) {
        return of(policy, Digest.wrap(bundleDigest), Digest.wrap(preprocessingDigest))
                .toByteArray();
    }

    /// As [#of(Policy, byte\[\], byte\[\])].
    public static Digest of(Policy policy, Digest bundleDigest, Digest preprocessingDigest) {
        return of(policy.digest(), bundleDigest, preprocessingDigest);
    }

    /// As [#of(Policy, byte\[\], byte\[\])], from the policy's digest alone.
    public static Digest of(Digest policyDigest, Digest bundleDigest, Digest preprocessingDigest) {
        return of(policyDigest, bundleDigest, preprocessingDigest, List.of());
    }

    /// With further bundles, whose digests follow the others'; each names its preprocessing itself.
    ///
    /// @param further in the order in which the terms name them
    public static Digest of(
            Digest policyDigest, Digest bundleDigest, Digest preprocessingDigest, List<Digest> further) {
        var sha256 = Digest.sha256();
        sha256.update(DOMAIN);
        sha256.update(policyDigest.toByteArray());
        sha256.update(bundleDigest.toByteArray());
        sha256.update(preprocessingDigest.toByteArray());
        further.forEach(digest -> sha256.update(digest.toByteArray()));
        return Digest.finish(sha256);
    }
}
