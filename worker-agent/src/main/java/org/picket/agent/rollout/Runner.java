package org.picket.agent.rollout;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.Set;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.v1.BundleNeeds;

/// What runs bundles.
public interface Runner extends Allowance {
    /// Digests of those that run.
    Set<ByteString> running();

    /// Runs one more, after its golden views agreed.
    ///
    /// @return why it must not, or cannot
    Optional<String> take(Bundle bundle);

    /// Ends one.
    ///
    /// @return false where it has leases
    boolean letGo(ByteString digest);

    /// How many may run at once.
    int most();

    /// Whether a lease was refused for want of a bundle when last one was asked for.
    boolean lacking();

    /// What this machine lacks for a bundle of such needs, in words; empty: nothing.
    Optional<String> unable(BundleNeeds needs);
}
