package org.picket.cli;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.picket.proto.v1.RemovalAction;

/// What a person's command has ordered.
///
/// @param findings by their ids
/// @param orders that were written: fewer, where some are ordered or done already
/// @param left findings that were to be ordered with all others, and whose objects are INCONCLUSIVE now
record Ordered(RemovalAction action, SortedSet<Long> findings, long orders, long left) {
    Ordered {
        findings = Collections.unmodifiableSortedSet(new TreeSet<>(findings));
    }

    /// @param findings in any order, and perhaps twice
    Ordered(RemovalAction action, List<Long> findings, long orders) {
        this(action, findings, orders, 0);
    }

    Ordered(RemovalAction action, List<Long> findings, long orders, long left) {
        this(action, new TreeSet<>(findings), orders, left);
    }

    /// The state of a finding for which it was carried out.
    String wanted() {
        return switch (action) {
            case QUARANTINE -> "QUARANTINED";
            case RELEASE -> "RELEASED";
            case PURGE -> "PURGED";
            case REMOVAL_ACTION_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("nobody orders nothing");
        };
    }
}
