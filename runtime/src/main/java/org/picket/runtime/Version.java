package org.picket.runtime;

/// Which Picket this is.
public final class Version {
    /// As in the build's `pom.xml`.
    public static final String PICKET = "0.1.0";

    private Version() {}
}
