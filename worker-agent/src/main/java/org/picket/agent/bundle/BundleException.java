package org.picket.agent.bundle;

/// A bundle was needed and could not be used.
public final class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BundleException(BundleFault fault) {
        super(fault.inWords());
    }
}
