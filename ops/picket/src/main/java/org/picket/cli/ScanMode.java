package org.picket.cli;

import org.picket.proto.v1.Mode;

/// What a scan does about what it finds.
enum ScanMode {
    /// Nothing is touched.
    OBSERVE(Mode.OBSERVE),
    /// What is flagged is moved aside, and can be brought back.
    QUARANTINE(Mode.QUARANTINE_FLAGGED),
    /// What is flagged is purged for good, on a ruling alone.
    DELETE(Mode.DELETE_FLAGGED);

    private final Mode wire;

    ScanMode(Mode wire) {
        this.wire = wire;
    }

    Mode wire() {
        return wire;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
