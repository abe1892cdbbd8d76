package org.picket.agent.bundle;

/// What came of opening a bundle file.
public sealed interface BundleOpening {
    /// Every part is there and is what the manifest says.
    record Opened(Bundle bundle) implements BundleOpening {}

    /// The file must not be used.
    record Refused(BundleFault fault) implements BundleOpening {}

    /// The bundle, where there is nothing to do without one.
    ///
    /// @throws BundleException with the fault in words
    default Bundle orThrow() {
        return switch (this) {
            case Opened opened -> opened.bundle();
            case Refused refused -> throw new BundleException(refused.fault());
        };
    }
}
