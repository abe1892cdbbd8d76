package org.picket.coordinator.site;

import org.picket.coordinator.policy.Action;

/// What a site lets happen to the findings of one storage without a person.
public enum StorageMode {
    /// Nothing.
    OBSERVE(1, Action.OBSERVE),
    /// They may be quarantined, where their rule allows it.
    QUARANTINE(2, Action.QUARANTINE),
    /// They may be purged, where their rule allows it: the predecessors' way.
    DELETE(3, Action.PURGE);

    private final int code;
    private final Action strongest;

    StorageMode(int code, Action strongest) {
        this.code = code;
        this.strongest = strongest;
    }

    /// The strongest action that this mode allows.
    public Action strongest() {
        return strongest;
    }

    int code() {
        return code;
    }

    static StorageMode ofCode(int code) {
        for (var mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new IllegalStateException("no storage mode has the code " + code);
    }
}
